package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.Facts;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.quarantine.AddressFailure;
import dev.retour.quarantine.Cause;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.ErpEndpoint;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Changes of addresses, and an ERP that is told of them. */
final class AddressFactsFixture implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Jdbi jdbi = TestDatabase.fresh();
  final TickingClock clock = new TickingClock();
  final ErpEndpoint erp = new ErpEndpoint();
  private final Map<String, String> texts =
      Map.of(
          "callback.url",
          erp.url(),
          "callback.secrets",
          CallbackFixture.SECRET,
          "quarantine.outage-addresses",
          "2");
  final CallbackFixture teller = new CallbackFixture(jdbi, clock, clock, texts);
  final DeliveryFixture house = teller.house;
  final QuarantineConfig config = QuarantineConfig.from(Settings.of(texts));
  final Facts facts = CallbackConfig.facts(Settings.of(texts), "tenant-1");

  /** The address fails as an unknown user would. */
  void fail(String address, Cause cause, @Nullable Long about) {
    AddressFailure plain = failure(address, Reason.USER_UNKNOWN, about);
    jdbi.useTransaction(
        handle ->
            house.addresses.apply(
                handle,
                new AddressFailure(
                    address,
                    plain.type(),
                    plain.reason(),
                    plain.text(),
                    "r",
                    cause,
                    "bounce 1",
                    about)));
  }

  static AddressFailure failure(String address, Reason reason, @Nullable Long about) {
    return new AddressFailure(
        address,
        FailureType.HARD,
        reason,
        "550 5.1.1 User unknown",
        "r",
        Cause.BOUNCE,
        "bounce 1",
        about);
  }

  /** Whom the facts are about that were told or are to be. */
  List<String> recipients() {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT recipient FROM callback").mapTo(String.class).list());
  }

  void tellAll() {
    while (teller.tellDue() > 0) {
      assertThat(erp.received()).hasSizeLessThan(1_000);
    }
  }

  /** Of all that the ERP was told. */
  List<String> types() {
    return erp.received().stream().map(got -> json(got.text()).path("type").asText()).toList();
  }

  /** What the one fact says that the ERP was told. */
  JsonNode told(String type) throws IOException {
    assertThat(types()).containsExactly(type);
    return body(0).path("data");
  }

  /** One that keeps what docs/callback.schema.json promises. */
  JsonNode body(int number) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(Path.of("docs/callback.schema.json")));
    JsonNode body = json(erp.received().get(number).text());
    assertThat(schema.validate(body)).isEmpty();
    return body;
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    teller.close();
    erp.close();
  }
}
