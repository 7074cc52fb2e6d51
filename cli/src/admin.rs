//! `shopbell admin`: shops, channels, staff, devices and backups of a data folder, whether a server runs on it or not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use shopbell_core::domain::channel::ChannelKind;
use shopbell_l10n::{self as words, Lang};
use shopbell_server::storage::{RestoreError, ShopRecord, StaffRecord};
use shopbell_server::{
    Admin, AdminError, NotRestored, PasswordCost, StaffToCreate, StartError, SystemEnv, admin,
};

use crate::args::{many, text};
use crate::failure::{FAILED, Failure, Told, USAGE, told};
use crate::inbox::ask_password;
use crate::terminal::Terminal;

impl Told for AdminError {
    fn failure(&self, lang: Lang) -> Failure {
        let failed =
            matches!(self, AdminError::Storage(_) | AdminError::Busy | AdminError::BackupFile { .. });
        let code = if failed { FAILED } else { USAGE };
        Failure::new(code, self.words(lang))
    }
}

impl Told for StartError {
    fn failure(&self, lang: Lang) -> Failure {
        Failure::new(FAILED, self.words(lang))
    }
}

impl Told for NotRestored {
    fn failure(&self, lang: Lang) -> Failure {
        let is_usage = matches!(self, NotRestored::Restore(RestoreError::Foreign { .. }));
        Failure::new(if is_usage { USAGE } else { FAILED }, self.words(lang))
    }
}

/// Runs one `shopbell admin` command.
pub async fn run(terminal: &Terminal, args: &ArgMatches) -> Result<(), Failure> {
    let Some((subject, args)) = args.subcommand() else { return Ok(()) };
    let (action, args) = args.subcommand().unwrap_or(("", args));
    let data = args
        .get_one::<PathBuf>("data")
        .ok_or_else(|| Failure::new(USAGE, words::admin_which_data(terminal.lang)))?;
    if subject == "restore" {
        return restore(terminal, data, args);
    }
    let admin = Admin::open(data, PasswordCost::Production, Arc::new(SystemEnv)).map_err(told(terminal))?;
    let done = match (subject, action) {
        ("shop", "add") => add_shop(terminal, &admin, args).await,
        ("shop", _) => list_shops(terminal, &admin).await,
        ("channel", "add") => add_channel(terminal, &admin, args).await,
        ("channel", _) => list_channels(terminal, &admin, args).await,
        ("backup", _) => backup(terminal, &admin, args).await,
        ("device", "remove") => remove_device(terminal, &admin, args).await,
        ("device", _) => list_devices(terminal, &admin, args).await,
        (_, "remove") => remove_staff(terminal, &admin, args).await,
        (_, "add") => add_staff(terminal, &admin, args).await,
        (_, "list") => list_staff(terminal, &admin, args).await,
        (_, "permit") => permit(terminal, &admin, args).await,
        _ => set_password(terminal, &admin, args).await,
    };
    admin.close().await.map_err(told(terminal))?;
    done
}

async fn add_shop(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let lang = terminal.lang;
    let name = text(args, "name");
    let created = admin.create_shop(name, &many(args, "origin")).await.map_err(told(terminal))?;
    terminal.line(&words::admin_shop_added(lang, created.shop.to_string(), name));
    tell_key(terminal, &created.public_key);
    Ok(())
}

/// The key of a web chat, and what a shop puts into its pages.
fn tell_key(terminal: &Terminal, key: &str) {
    terminal.line(&words::admin_shop_key(terminal.lang, key));
    terminal.line(&words::admin_shop_embed(terminal.lang));
    let script = format!(r#"  <script src="https://YOUR-SERVER/widget.js" data-key="{key}" defer></script>"#);
    terminal.line(&script);
}

async fn list_shops(terminal: &Terminal, admin: &Admin) -> Result<(), Failure> {
    let shops = admin.shops().await.map_err(told(terminal))?;
    if shops.is_empty() {
        terminal.aside(&words::admin_no_shop(terminal.lang));
    }
    for shop in shops {
        terminal.line(&format!(
            "{}  {}  {}  {}",
            shop.id,
            shop.public_key,
            shop.name,
            shop.origins.join(" ")
        ));
    }
    Ok(())
}

async fn add_channel(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let shop = the_shop(terminal, admin, args).await?;
    let inbox = *shop.inboxes.first().ok_or_else(|| AdminError::UnknownShop.failure(terminal.lang))?;
    let name = text(args, "name");
    let created =
        admin.create_channel(shop.id, inbox, ChannelKind::WEB_CHAT, name).await.map_err(told(terminal))?;
    terminal.line(&words::admin_channel_added(terminal.lang, created.id.to_string(), name));
    if let Some(key) = created.public_key {
        tell_key(terminal, &key);
    }
    Ok(())
}

async fn list_channels(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let shop = the_shop(terminal, admin, args).await?;
    for channel in shop.channels {
        let key = channel.public_key.unwrap_or_else(|| words::admin_no_key(terminal.lang));
        terminal.line(&format!("{}  {}  {key}  {}", channel.id, channel.kind.as_str(), channel.name));
    }
    Ok(())
}

async fn add_staff(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let shop = the_shop(terminal, admin, args).await?;
    let name = text(args, "name").to_owned();
    let permissions = admin::permissions(&many(args, "permission")).map_err(told(terminal))?;
    let password = ask_password(terminal)?;
    let staff = StaffToCreate {
        shop: shop.id,
        name: name.clone(),
        email: text(args, "email").to_owned(),
        password,
        permissions,
        owner: args.get_flag("owner"),
    };
    let id = admin.create_staff(staff).await.map_err(told(terminal))?;
    terminal.line(&words::admin_staff_added(terminal.lang, id.to_string(), name));
    Ok(())
}

async fn list_staff(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let shop = the_shop(terminal, admin, args).await?;
    for staff in admin.staff(shop.id).await.map_err(told(terminal))? {
        terminal.line(&format!(
            "{}  {}  {}  {}",
            staff.id,
            staff.email,
            staff.name,
            allowed(terminal, &staff)
        ));
    }
    Ok(())
}

async fn permit(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let shop = the_shop(terminal, admin, args).await?;
    let staff = the_person(terminal, admin, &shop, args).await?;
    let permissions = admin::permissions(&many(args, "permission")).map_err(told(terminal))?;
    admin.set_permissions(shop.id, staff.id, permissions.clone()).await.map_err(told(terminal))?;
    let now = StaffRecord { permissions, ..staff };
    let said = words::admin_staff_updated(terminal.lang, now.name.as_str(), allowed(terminal, &now));
    terminal.line(&said);
    Ok(())
}

async fn set_password(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let shop = the_shop(terminal, admin, args).await?;
    let staff = the_person(terminal, admin, &shop, args).await?;
    let password = ask_password(terminal)?;
    admin.set_password(shop.id, staff.id, &password).await.map_err(told(terminal))?;
    terminal.line(&words::admin_password_set(terminal.lang, staff.name));
    Ok(())
}

async fn remove_staff(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let shop = the_shop(terminal, admin, args).await?;
    let staff = the_person(terminal, admin, &shop, args).await?;
    admin.remove_staff(shop.id, staff.id).await.map_err(told(terminal))?;
    terminal.line(&words::admin_staff_removed(terminal.lang, staff.name));
    Ok(())
}

async fn list_devices(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let shop = the_shop(terminal, admin, args).await?;
    for device in admin.devices(shop.id).await.map_err(told(terminal))? {
        terminal.line(&format!("{}  {}  {}  {}", device.id, device.staff_name, device.platform, device.name));
    }
    Ok(())
}

async fn remove_device(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    let shop = the_shop(terminal, admin, args).await?;
    let unknown = || AdminError::UnknownDevice.failure(terminal.lang);
    let device = text(args, "device").trim().parse().map_err(|_| unknown())?;
    admin.remove_device(shop.id, device).await.map_err(told(terminal))?;
    terminal.line(&words::admin_device_removed(terminal.lang));
    Ok(())
}

async fn backup(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<(), Failure> {
    if admin.shops().await.map_err(told(terminal))?.is_empty() {
        // Another folder was meant, and whoever trusts this copy would have none.
        return Err(Failure::new(USAGE, words::admin_no_shop(terminal.lang)));
    }
    let file = the_file(args);
    admin.backup(&file).await.map_err(told(terminal))?;
    terminal.line(&words::admin_backed_up(terminal.lang, file.display().to_string()));
    Ok(())
}

fn restore(terminal: &Terminal, data: &Path, args: &ArgMatches) -> Result<(), Failure> {
    let file = the_file(args);
    let kept = shopbell_server::restore(data, &file, &SystemEnv).map_err(told(terminal))?;
    terminal.line(&words::admin_restored(terminal.lang, file.display().to_string()));
    if let Some(kept) = kept {
        terminal.line(&words::admin_restored_kept(terminal.lang, kept.display().to_string()));
    }
    Ok(())
}

fn the_file(args: &ArgMatches) -> PathBuf {
    args.get_one::<PathBuf>("file").cloned().unwrap_or_default()
}

/// The shop that `--shop` names, or the only one.
async fn the_shop(terminal: &Terminal, admin: &Admin, args: &ArgMatches) -> Result<ShopRecord, Failure> {
    let lang = terminal.lang;
    let mut shops = admin.shops().await.map_err(told(terminal))?;
    if let Some(id) = args.get_one::<String>("shop") {
        let found = shops.into_iter().find(|shop| shop.id.to_string() == *id);
        return found.ok_or_else(|| AdminError::UnknownShop.failure(lang));
    }
    if shops.len() > 1 {
        let names: Vec<String> = shops.iter().map(|shop| format!("{} ({})", shop.id, shop.name)).collect();
        return Err(Failure::new(USAGE, words::admin_which_shop(lang, names.join(", "))));
    }
    shops.pop().ok_or_else(|| Failure::new(USAGE, words::admin_no_shop(lang)))
}

async fn the_person(
    terminal: &Terminal,
    admin: &Admin,
    shop: &ShopRecord,
    args: &ArgMatches,
) -> Result<StaffRecord, Failure> {
    let email = text(args, "email").trim().to_lowercase();
    let found =
        admin.staff(shop.id).await.map_err(told(terminal))?.into_iter().find(|staff| staff.email == email);
    found.ok_or_else(|| Failure::new(USAGE, words::admin_no_staff(terminal.lang, email)))
}

fn allowed(terminal: &Terminal, staff: &StaffRecord) -> String {
    let words: Vec<&str> = staff.permissions.iter().map(|permission| permission.as_str()).collect();
    if words.is_empty() { words::admin_nothing(terminal.lang) } else { words.join(", ") }
}
