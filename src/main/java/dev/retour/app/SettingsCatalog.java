package dev.retour.app;

import dev.retour.bounces.BouncesConfig;
import dev.retour.config.Setting;
import dev.retour.console.ConsoleConfig;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.DigestConfig;
import dev.retour.delivery.RelayConfig;
import dev.retour.delivery.RetentionConfig;
import dev.retour.domains.DomainsConfig;
import dev.retour.erp.CallbackConfig;
import dev.retour.erp.ErpConfig;
import dev.retour.events.EventsConfig;
import dev.retour.mail.MailConfig;
import dev.retour.mail.SigningConfig;
import dev.retour.mail.UnsubscribeConfig;
import dev.retour.messages.MessagesConfig;
import dev.retour.qualification.QualificationConfig;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.store.SourcesFile;
import dev.retour.store.StoreConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every setting of every room, in the order people look for them. */
final class SettingsCatalog {
  private static final Map<String, List<Setting<?>>> BY_ROOM = byRoom();
  private static final List<Setting<?>> ALL = flat();

  private SettingsCatalog() {}

  static List<Setting<?>> all() {
    return ALL;
  }

  /** The settings under the heading of their room. */
  static Map<String, List<Setting<?>>> grouped() {
    return BY_ROOM;
  }

  private static Map<String, List<Setting<?>>> byRoom() {
    Map<String, List<Setting<?>>> rooms = new LinkedHashMap<>();
    rooms.put("HTTP interface and console", HttpConfig.SETTINGS);
    rooms.put("Console", ConsoleConfig.SETTINGS);
    rooms.put("Relay (SMTP)", RelayConfig.SETTINGS);
    rooms.put("Signing of mails", SigningConfig.SETTINGS);
    rooms.put("Bounce mailboxes", BouncesConfig.SETTINGS);
    rooms.put("Database", StoreConfig.SETTINGS);
    rooms.put("Other databases", SourcesFile.SETTINGS);
    rooms.put("Events", EventsConfig.SETTINGS);
    rooms.put("Delivery", DeliveryConfig.SETTINGS);
    rooms.put("How long mails are kept", RetentionConfig.SETTINGS);
    rooms.put("Domains", DomainsConfig.SETTINGS);
    rooms.put("Telling people of failures", DigestConfig.SETTINGS);
    rooms.put("Quarantine", QuarantineConfig.SETTINGS);
    rooms.put("Qualification", QualificationConfig.SETTINGS);
    rooms.put("Messages", MessagesConfig.SETTINGS);
    rooms.put("Unsubscribing", UnsubscribeConfig.SETTINGS);
    rooms.put("Reading mail", MailConfig.SETTINGS);
    rooms.put("ERP", ErpConfig.SETTINGS);
    rooms.put("Callbacks to the ERP", CallbackConfig.SETTINGS);
    rooms.put("Sandbox mail world", SandboxConfig.SETTINGS);
    rooms.put("Process", AppConfig.SETTINGS);
    return Collections.unmodifiableMap(rooms);
  }

  private static List<Setting<?>> flat() {
    List<Setting<?>> all = new ArrayList<>();
    BY_ROOM.values().forEach(all::addAll);
    return List.copyOf(all);
  }
}
