//! Tags: how a shop sorts its customers.

use serde_json::value::RawValue;
use shopbell_domain::customer::{Customer, TAGS_LIMIT};
use shopbell_domain::mutation::add_tag::AddTag;
use shopbell_domain::mutation::remove_tag::RemoveTag;
use shopbell_domain::mutation::{Mutation, Operation};
use shopbell_domain::refusal::Refusal;
use shopbell_domain::staff::{Permission, Permissions};
use shopbell_domain::sync::{Entity, FaultKind, Outcome, RowRef};
use shopbell_domain::tag::Tag;

use super::world::{World, customer};

impl World {
    fn add_tag(&self, tag: &str) -> Mutation {
        self.mutation(&Operation::AddTag(AddTag { customer: customer("ana"), tag: tag.to_owned() }), None)
    }

    fn remove_tag(&self, tag: &str) -> Mutation {
        let remove = RemoveTag { customer: customer("ana"), tag: tag.to_owned() };
        self.mutation(&Operation::RemoveTag(remove), None)
    }

    fn ana(&self) -> RowRef {
        RowRef { scope: self.inbox_scope(), entity: Entity::Customer, id: customer("ana").0 }
    }

    async fn tags(&self) -> Vec<String> {
        let ana: Customer = self.row(&self.mina, self.ana()).await.unwrap().read().unwrap();
        ana.tags.iter().map(|tag| Tag::as_str(tag).to_owned()).collect()
    }
}

pub async fn tags_of_two_people_do_not_disturb_each_other(world: World) {
    world.writes("ana", "Hello").await;
    world.push(&world.theo, &[world.add_tag("VIP"), world.add_tag("wholesale")]).await;
    // Mina has not seen any of it.
    world.push(&world.mina, &[world.add_tag("pays late"), world.remove_tag("wholesale")]).await;
    world.push(&world.theo, &[world.remove_tag("never there")]).await;
    assert_eq!(world.tags().await, ["pays late", "VIP"]);
    let ana: Customer = world.row(&world.mina, world.ana()).await.unwrap().read().unwrap();
    assert_eq!((ana.name.as_deref(), ana.number), (Some("ana"), 1));
}

pub async fn a_tag_is_one_whatever_its_case(world: World) {
    world.writes("ana", "Hello").await;
    world.push(&world.theo, &[world.add_tag("Żółw"), world.add_tag("  ŻÓŁW ")]).await;
    assert_eq!(world.tags().await, ["Żółw"]);
    // What is so already changes nothing, and names the customer all the same.
    let again = world.add_tag("żółw");
    let ver = world.row(&world.mina, world.ana()).await.unwrap().ver;
    assert_eq!(world.does(&world.theo, &again).await, Outcome::Accepted);
    assert_eq!(world.row(&world.mina, world.ana()).await.unwrap().ver, ver);
    assert_eq!(world.result(&world.theo, &again).await.unwrap().rows, [world.ana()]);
    world.does(&world.theo, &world.remove_tag("ŻÓŁW")).await;
    assert!(world.tags().await.is_empty());
}

pub async fn so_many_tags_and_no_more(world: World) {
    world.writes("ana", "Hello").await;
    let many: Vec<Mutation> = (0..TAGS_LIMIT).map(|number| world.add_tag(&format!("tag {number}"))).collect();
    world.push(&world.theo, &many).await;
    let too_many = Outcome::Refused(Refusal::TooManyTags { limit: TAGS_LIMIT });
    let refused = world.add_tag("one more");
    assert_eq!(world.does(&world.theo, &refused).await, too_many);
    assert!(world.result(&world.theo, &refused).await.unwrap().rows.is_empty());
    assert_eq!(world.does(&world.theo, &world.add_tag("TAG 7")).await, Outcome::Accepted);
    world.does(&world.mina, &world.remove_tag("tag 7")).await;
    assert_eq!(world.does(&world.theo, &world.add_tag("one more")).await, Outcome::Accepted);
    assert_eq!(world.tags().await.len(), TAGS_LIMIT);
    for (tag, refusal) in [
        (" \n\t ".to_owned(), Refusal::TextEmpty),
        ("a".repeat(500), Refusal::TextTooLong { limit_chars: 40 }),
    ] {
        assert_eq!(world.does(&world.theo, &world.add_tag(&tag)).await, Outcome::Refused(refusal));
    }
}

pub async fn the_same_tag_again_is_no_other_change(mut world: World) {
    world.writes("ana", "Hello").await;
    let add = world.add_tag("VIP");
    world.does(&world.theo, &add).await;
    world.does(&world.mina, &world.remove_tag("VIP")).await;
    world.crash();
    // The answer was lost and it comes again: it does not bring the tag back.
    assert_eq!(world.does(&world.theo, &add).await, Outcome::Accepted);
    assert!(world.tags().await.is_empty());
    let mut other = add.clone();
    other.args = RawValue::from_string(add.args.get().replace("VIP", "wholesale")).unwrap();
    let answer = world.push(&world.theo, &[other]).await;
    assert_eq!((answer.faults[0].mid, answer.faults[0].kind), (add.mid, FaultKind::ArgsDiffer));
    assert!(world.tags().await.is_empty());
}

pub async fn another_shops_customer_is_unknown(world: World) {
    world.writes("ana", "Hello").await;
    let nobody = AddTag { customer: customer("nobody"), tag: "VIP".to_owned() };
    let unknown = Outcome::Refused(Refusal::UnknownCustomer);
    assert_eq!(world.does(&world.noor, &world.add_tag("VIP")).await, unknown);
    assert_eq!(world.does(&world.noor, &world.remove_tag("VIP")).await, unknown);
    let nobody = world.mutation(&Operation::AddTag(nobody), None);
    assert_eq!(world.does(&world.theo, &nobody).await, unknown);
    // Without the permission not even that is told.
    let none = Permissions::of([Permission::Chat]);
    world.storage.set_permissions(world.shop, world.theo.staff, none).await.unwrap();
    let nobody = AddTag { customer: customer("nobody"), tag: "VIP".to_owned() };
    for mutation in [world.add_tag("VIP"), world.mutation(&Operation::AddTag(nobody), None)] {
        let refused = Outcome::Refused(Refusal::NoPermission { needs: Permission::Customers });
        assert_eq!(world.does(&world.theo, &mutation).await, refused);
    }
    assert!(world.tags().await.is_empty());
}
