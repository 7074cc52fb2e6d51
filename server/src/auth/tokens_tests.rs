use shopbell_domain::env::{Env as _, FixedEnv};

use super::*;

fn key(seed: u64) -> ServerKey {
    let folder = tempfile::tempdir().unwrap();
    ServerKey::load_or_create(folder.path(), &FixedEnv::seeded(seed)).unwrap()
}

fn credential(env: &FixedEnv) -> Credential {
    Credential {
        shop: ShopId::new(env),
        staff: StaffId::new(env),
        device: DeviceId::new(env),
        session: SessionId::new(env),
        generation: 1,
    }
}

#[test]
fn a_token_says_what_was_signed() {
    let (env, key) = (FixedEnv::seeded(1), key(1));
    let credential = credential(&env);
    let token = AccessToken::new(&credential, env.now()).seal(&key);
    let opened = AccessToken::open(&key, &token).unwrap();
    assert_eq!(opened.credential(), credential);
    assert_eq!(opened.expires_at.since_ms(env.now()), ACCESS_LIFETIME_MS);
}

#[test]
fn nothing_but_a_genuine_token_opens() {
    let (env, key, other_key) = (FixedEnv::seeded(1), key(1), key(2));
    let refresh = RefreshToken { session: SessionId::new(&env), counter: 4 };
    let token = refresh.seal(&key);
    assert_eq!(RefreshToken::open(&key, &token), Some(refresh));
    assert_eq!(RefreshToken::open(&other_key, &token), None);
    // A token for one purpose is none for another.
    assert_eq!(AccessToken::open(&key, &token), None);
    assert_eq!(RefreshToken::open(&key, &AccessToken::new(&credential(&env), env.now()).seal(&key)), None);
    for at in 0..token.len() {
        let mut forged = token.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        assert_eq!(RefreshToken::open(&key, &forged), None, "changed at {at}");
    }
    for broken in ["", "A", "not a token", &token[1..], &"A".repeat(100_000)] {
        assert_eq!(RefreshToken::open(&key, broken), None);
    }
}

#[test]
fn the_key_stays_the_same_and_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = ServerKey::load_or_create(folder.path(), &FixedEnv::seeded(1)).unwrap();
    let token = RefreshToken { session: SessionId::new(&FixedEnv::seeded(1)), counter: 0 }.seal(&first);
    let again = ServerKey::load_or_create(folder.path(), &FixedEnv::seeded(2)).unwrap();
    assert!(RefreshToken::open(&again, &token).is_some());
    let path = folder.path().join("server.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // Half a key is not used and not replaced: that would end every session.
    std::fs::write(&path, [7; 31]).unwrap();
    assert!(ServerKey::load_or_create(folder.path(), &FixedEnv::seeded(1)).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), [7; 31]);
}
