package dev.retour.console;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Makes the console's beans and gives them the names that {@code routes/console/} uses. */
public final class ConsoleModule {
  private static final int[] REFUSALS = {400, 404, 405, 406, 413, 415, 500, 503};

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
    registry.accept("consoleAssets", assets);
    registry.accept("errorPages", errorPages);
    registry.accept("answerToHttp", new AnswerToHttp());
    return errorPages;
  }

  /**
   * Lets the HTTP server answer what no route takes (404, 405, too large …) in our words. Call it
   * once the context has started; a reload of routes keeps it.
   *
   * @param port the port of the HTTP server
   */
  public static void answerRefusals(CamelContext context, int port, ErrorPages errorPages) {
    VertxPlatformHttpRouter router =
        VertxPlatformHttpRouter.lookup(
            context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
    for (int status : REFUSALS) {
      router.errorHandler(status, refusal(status, errorPages));
    }
  }

  private static Handler<RoutingContext> refusal(int status, ErrorPages errorPages) {
    return request -> {
      Answer answer =
          errorPages.refused(
              status,
              request.normalizedPath(),
              request.request().getHeader("Accept"),
              request.request().getHeader("Accept-Language"));
      answer.headers().forEach(request.response()::putHeader);
      request
          .response()
          .setStatusCode(answer.status())
          .putHeader("Content-Type", answer.contentType())
          .end(Buffer.buffer(answer.body()));
    };
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
      response.setBody(answer.body());
    }
  }
}
