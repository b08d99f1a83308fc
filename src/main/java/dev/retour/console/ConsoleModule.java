package dev.retour.console;

import dev.retour.delivery.QueueDesk;
import dev.retour.messages.MessagesModule;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.HttpEndpointModel;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the console's beans and gives them the names that {@code routes/console/} uses. */
public final class ConsoleModule {
  private static final Logger log = LoggerFactory.getLogger(ConsoleModule.class);
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;

  private ConsoleModule() {}

  /**
   * Binds the console's beans.
   *
   * @param registry takes a name and a bean, e.g. {@code main::bind}
   * @return the answers for requests that no route takes; give it to {@link #answerRefusals}
   */
  public static ErrorPages bind(
      BiConsumer<String, Object> registry, ConsoleConfig config, ConsoleSources sources) {
    Assets assets = new Assets();
    Pages pages = new Pages(assets, sources.clock(), config.timeZone());
    ErrorPages errorPages = new ErrorPages(pages);
    Dashboard dashboard = new Dashboard(sources.jdbi(), sources.clock(), config);
    registry.accept("firstPage", new FirstPage(dashboard, sources, config, pages));
    registry.accept(
        "capturedMailPage",
        new CapturedMailPage(sources.mails(), new MailOpener(config.mailBytesMax()), pages));
    MessagesModule messages = sources.messages();
    registry.accept("messagesPage", new MessagesPage(sources.jdbi(), messages, pages));
    registry.accept("getMessages", new GetMessages(messages.folders()));
    registry.accept(
        "postMessage",
        new PostMessage(messages.lifecycle(), messages.folders(), new PostProof(sources.proofs())));
    registry.accept(
        "previewPage",
        new PreviewPage(messages.preview(), new MailOpener(config.mailBytesMax()), pages));
    registry.accept("consoleAssets", assets);
    registry.accept("errorPages", errorPages);
    registry.accept("answerToHttp", new AnswerToHttp());
    registry.accept("readUpload", new ReadUpload());
    return errorPages;
  }

  /**
   * Binds the endpoints of the queue.
   *
   * @param registry takes a name and a bean, e.g. {@code main::bind}
   */
  public static void bindQueue(BiConsumer<String, Object> registry, QueueDesk desk) {
    registry.accept("getQueue", new GetQueue(desk));
    registry.accept("postQueue", new PostQueue(desk));
  }

  /**
   * Lets answers say whether they may be kept, which Camel takes for a matter of the transport.
   * Call it before the routes start.
   */
  public static void keepCacheControl(CamelContext context) {
    HttpHeaderFilterStrategy headers = new HttpHeaderFilterStrategy();
    headers.getOutFilter().remove("cache-control");
    context
        .getComponent("platform-http", PlatformHttpComponent.class)
        .setHeaderFilterStrategy(headers);
  }

  /**
   * Lets the HTTP server answer what no route takes (404, 405, too large …) in our words. Call it
   * once the context has started; a reload of routes keeps it.
   *
   * @param port the port of the HTTP server
   */
  public static void answerRefusals(CamelContext context, int port, ErrorPages errorPages) {
    PlatformHttpComponent doors =
        context.getComponent("platform-http", PlatformHttpComponent.class);
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(
            context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
    // Error handlers of this router are never asked: it is mounted below another. A last route is.
    router
        .route()
        .last()
        .handler(
            request -> {
              Set<String> allowed = allowed(doors, request.normalizedPath());
              respond(request, errorPages, allowed.isEmpty() ? NOT_FOUND : NOT_ALLOWED, allowed);
            })
        .failureHandler(
            request -> {
              if (request.failure() != null) {
                log.error(
                    "A request failed before its route took it; it got a 500.", request.failure());
              }
              respond(request, errorPages, Math.max(request.statusCode(), 0), Set.of());
            });
  }

  /** The methods that some endpoint answers at this path. */
  private static Set<String> allowed(PlatformHttpComponent doors, String path) {
    Set<String> methods = new TreeSet<>();
    for (HttpEndpointModel door : doors.getHttpEndpoints()) {
      if (PathTemplate.matches(door.getUri(), path) && door.getVerbs() != null) {
        methods.addAll(List.of(door.getVerbs().split(",", -1)));
      }
    }
    return methods;
  }

  private static void respond(
      RoutingContext request, ErrorPages errorPages, int status, Set<String> allowed) {
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.ended()) {
      return;
    }
    Answer answer =
        errorPages.refused(
            status,
            request.normalizedPath(),
            request.request().getHeader("Accept"),
            request.request().getHeader("Accept-Language"));
    answer.headers().forEach(response::putHeader);
    if (!allowed.isEmpty()) {
      response.putHeader("Allow", String.join(", ", allowed));
    }
    response
        .setStatusCode(answer.status())
        .putHeader("Content-Type", answer.contentType())
        .end(Buffer.buffer(answer.body()));
  }

  /** Turns the {@link Answer} in the body into the HTTP response, and drops all other headers. */
  static final class AnswerToHttp implements Processor {
    @Override
    public void process(Exchange exchange) throws InvalidPayloadException {
      Answer answer = exchange.getMessage().getMandatoryBody(Answer.class);
      Message response = exchange.getMessage();
      response.removeHeaders("*");
      answer.headers().forEach(response::setHeader);
      response.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
      response.setHeader(Exchange.CONTENT_TYPE, answer.contentType());
      // Written as it is, with its length; a stream takes a pump and a worker for each answer.
      response.setBody(ByteBuffer.wrap(answer.body()));
    }
  }

  /** Reads the body of a form that no handler has touched, if it is worth it, as an Upload. */
  static final class ReadUpload implements Processor {
    private final UploadReader reader = new UploadReader();

    @Override
    public void process(Exchange exchange) throws InvalidPayloadException {
      Message message = exchange.getMessage();
      HttpServerRequest request = message.getMandatoryBody(HttpServerRequest.class);
      int bytesMax = exchange.getVariable("bodyBytesMax", Integer.class);
      Upload upload =
          PostMultipart.refusal(
                  exchange.getVariable("contentType", String.class),
                  exchange.getVariable("idempotencyKey", String.class))
              .map(refusal -> reader.refused(request, refusal))
              .orElseGet(() -> reader.read(request, bytesMax));
      message.setBody(upload);
    }
  }
}
