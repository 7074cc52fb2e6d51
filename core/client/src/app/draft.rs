//! What a person has begun to write, on all of their devices.

use shopbell_domain::draft::DRAFT_LIMIT_CHARS;
use shopbell_domain::ids::ConversationId;

use super::App;
use crate::error::Error;
use crate::store;
use crate::sync::Event;

impl App {
    /// What is in a conversation's composer; empty when nothing is.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn draft(&self, id: ConversationId) -> Result<String, Error> {
        let draft = self.handle.readers.read(|from| store::draft(from, id))?;
        Ok(draft.map(|draft| draft.text).unwrap_or_default())
    }

    /// This is in a conversation's composer now; an empty text takes the draft away. It is on disk when this returns and
    /// goes to this person's other devices a moment after they stopped writing. To be called as often as they pause.
    ///
    /// # Errors
    /// [`Error::TextTooLong`], [`Error::NotFound`], [`Error::NotSignedIn`], [`Error::Storage`]; the draft is then as it
    /// was.
    pub fn set_draft(&self, id: ConversationId, text: &str) -> Result<(), Error> {
        self.check_signed_in()?;
        if text.chars().count() > DRAFT_LIMIT_CHARS {
            return Err(Error::TextTooLong { limit: DRAFT_LIMIT_CHARS });
        }
        let fresh = self.new_message();
        self.shared().change_and(Event::DraftChanged, |to| {
            // What was begun in a conversation that went meanwhile may still be changed: the words are the person's own.
            if store::head(to, id)?.is_none() && store::begun(to, id)?.is_none() {
                return Err(Error::NotFound { id: id.to_string() });
            }
            to.set_draft(id, text, fresh)?;
            Ok(())
        })
    }
}
