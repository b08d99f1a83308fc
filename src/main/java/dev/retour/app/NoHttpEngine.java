package dev.retour.app;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.support.DefaultConsumer;

/** HTTP for the scratch context: endpoints can be built and checked, nothing is ever served. */
final class NoHttpEngine implements PlatformHttpEngine {
  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    return new Silent(endpoint, processor);
  }

  @Override
  public int getServerPort() {
    return 0;
  }

  /** A consumer that never receives. */
  private static final class Silent extends DefaultConsumer
      implements PlatformHttpConsumer, Consumer {
    Silent(PlatformHttpEndpoint endpoint, Processor processor) {
      super(endpoint, processor);
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
      return (PlatformHttpEndpoint) super.getEndpoint();
    }
  }
}
