package dev.retour.console;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.Queue;
import dev.retour.events.EventsConfig;
import dev.retour.events.EventsModule;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.apache.camel.main.Main;
import org.jdbi.v3.core.Jdbi;

/** The events API over HTTP with one event type, EVTform, that takes files. */
final class FormServer implements AutoCloseable {
  static final int BODY_BYTES_MAX = 200_000;
  final int port = Ports.free();
  private final Main main = new Main();

  FormServer(Path dir, Jdbi jdbi) throws Exception {
    Path type = Files.createDirectories(dir.resolve("EVTform"));
    Files.writeString(
        type.resolve("event.yaml"),
        """
        id: EVTform
        description: A test.
        from: {address: erp@example.org, name: ERP}
        document:
          required: false
          attachment: {required: false, contentTypes: [application/pdf]}
        attachments:
          max: 3
          bytesMax: 100000
          contentTypes: [application/pdf, application/octet-stream]
        fields:
          - {id: name, type: string, required: true, maxLength: 20}
        """);
    Files.writeString(type.resolve("subject.txt"), "Hi [=ctx.name]\n");
    Files.writeString(type.resolve("message.txt"), "Hello.\n");
    Files.writeString(type.resolve("message.html"), "<html><body><p>Hello.</p></body></html>\n");
    Settings settings = Settings.of(Map.of("messages.folder", dir.toString()));
    InstantSource clock = InstantSource.system();
    MessagesModule room =
        new MessagesModule(MessagesConfig.from(settings), jdbi, clock, InstantSource.system());
    room.saved().publishFirst();
    EventsModule events =
        new EventsModule(
            EventsConfig.from(settings),
            new EventsModule.Needs(
                jdbi,
                clock,
                room.messages(),
                new Queue(jdbi, clock, DeliveryConfig.from(settings)),
                new AddressBook(jdbi, clock, QuarantineConfig.from(settings)),
                "retour.example"));
    new ConsoleFixture(jdbi).beans.forEach(main::bind);
    EventsApi.bind(main::bind, events, room.messages());
    main.setPropertyPlaceholderLocations("classpath:none.properties;optional=true");
    main.addOverrideProperty("camel.server.enabled", "true");
    main.addOverrideProperty("camel.server.host", "127.0.0.1");
    main.addOverrideProperty("camel.server.port", Integer.toString(port));
    main.addOverrideProperty("camel.component.direct.block", "false");
    main.addOverrideProperty("camel.server.maxBodySize", Integer.toString(BODY_BYTES_MAX));
    main.addOverrideProperty("http.body-bytes-max", Integer.toString(BODY_BYTES_MAX));
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/console/events-api.camel.yaml,"
            + "file:routes/console/console.camel.yaml");
    main.start();
  }

  @Override
  public void close() {
    main.stop();
  }
}
