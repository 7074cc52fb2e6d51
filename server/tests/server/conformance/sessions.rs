//! Sessions and their tokens' counters.

use shopbell_domain::env::Env as _;
use shopbell_domain::ids::SessionId;
use shopbell_server::storage::{
    Caller, Credential, Denied, OperationError, RefreshedSession, ShownRefreshToken,
};

use super::world::{World, denied, new_session};

impl World {
    async fn show(&self, session: SessionId, counter: i64) -> Result<RefreshedSession, OperationError> {
        let shown = ShownRefreshToken { session, counter, now: self.env.now() };
        self.storage.refresh_session(shown).await
    }

    async fn successor(&self, session: SessionId, counter: i64) -> i64 {
        match self.show(session, counter).await.unwrap() {
            RefreshedSession::Successor { counter, .. } => counter,
            RefreshedSession::Revoked => panic!("the session ended"),
        }
    }
}

fn credential(caller: &Caller) -> Credential {
    let Caller { shop, staff, device, session, .. } = *caller;
    Credential { shop, staff, device, session, generation: 1 }
}

pub async fn a_device_is_one_persons(world: World) {
    let taken = new_session(&world.env, world.shop, world.mina.staff, world.theo.device);
    assert_eq!(denied(world.storage.record_session(taken).await), Denied::NoPermission);
    let mut outdated = new_session(&world.env, world.shop, world.theo.staff, world.theo.device);
    outdated.generation = 0;
    assert_eq!(denied(world.storage.record_session(outdated).await), Denied::SignInAgain);
    // Neither try ended the session that there was.
    assert!(world.storage.identify(credential(&world.theo)).await.is_ok());
    for wrong in [
        Credential { staff: world.mina.staff, ..credential(&world.theo) },
        Credential { device: world.mina.device, ..credential(&world.theo) },
        Credential { shop: world.noor.shop, ..credential(&world.theo) },
        Credential { generation: 2, ..credential(&world.theo) },
        Credential { session: SessionId::new(&world.env), ..credential(&world.theo) },
    ] {
        assert_eq!(denied(world.storage.identify(wrong).await), Denied::SignInAgain);
    }
}

pub async fn a_refresh_is_repeated_until_its_successor_is_shown(mut world: World) {
    let session = world.theo.session;
    assert_eq!(world.successor(session, 0).await, 1);
    world.crash();
    // The answer was lost: the same one again, as often as it takes.
    assert_eq!(world.successor(session, 0).await, 1);
    assert_eq!(world.successor(session, 1).await, 2);
    assert_eq!(world.successor(session, 1).await, 2);
    assert!(world.storage.identify(credential(&world.theo)).await.is_ok());
}

pub async fn an_old_refresh_token_ends_the_session(world: World) {
    let session = world.theo.session;
    world.successor(session, 0).await;
    world.successor(session, 1).await;
    assert_eq!(world.show(session, 0).await.unwrap(), RefreshedSession::Revoked);
    // For the thief and for the phone.
    for counter in 0..3 {
        assert_eq!(denied(world.show(session, counter).await), Denied::SignInAgain);
    }
    assert_eq!(denied(world.storage.identify(credential(&world.theo)).await), Denied::SignInAgain);
    assert!(world.storage.identify(credential(&world.mina)).await.is_ok());
}

pub async fn a_new_password_ends_all_sessions(world: World) {
    world.storage.set_password(world.shop, world.theo.staff, "another".into()).await.unwrap();
    assert_eq!(denied(world.storage.identify(credential(&world.theo)).await), Denied::SignInAgain);
    assert_eq!(denied(world.show(world.theo.session, 0).await), Denied::SignInAgain);
    let mut again = new_session(&world.env, world.shop, world.theo.staff, world.theo.device);
    again.generation = 2;
    world.storage.record_session(again).await.unwrap();
}

pub async fn a_removed_device_hears_so_whatever_its_session(world: World) {
    world.storage.end_session(world.theo.session, world.env.now()).await.unwrap();
    world.storage.end_session(world.theo.session, world.env.now()).await.unwrap();
    assert_eq!(denied(world.storage.identify(credential(&world.theo)).await), Denied::SignInAgain);
    world.storage.remove_device(world.shop, world.theo.device, world.env.now()).await.unwrap();
    assert_eq!(denied(world.storage.identify(credential(&world.theo)).await), Denied::DeviceRemoved);
    assert_eq!(denied(world.show(world.theo.session, 0).await), Denied::DeviceRemoved);
    assert_eq!(denied(world.try_push(&world.theo, &[]).await), Denied::DeviceRemoved);
    let back = new_session(&world.env, world.shop, world.theo.staff, world.theo.device);
    assert_eq!(denied(world.storage.record_session(back).await), Denied::DeviceRemoved);
}

pub async fn signing_in_again_replaces_the_devices_session(world: World) {
    let again = new_session(&world.env, world.shop, world.theo.staff, world.theo.device);
    world.storage.record_session(again.clone()).await.unwrap();
    assert_eq!(denied(world.show(world.theo.session, 0).await), Denied::SignInAgain);
    assert_eq!(world.successor(again.id, 0).await, 1);
}
