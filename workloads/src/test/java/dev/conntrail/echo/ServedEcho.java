package dev.conntrail.echo;

import java.io.IOException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An echo with one pod, for all tests of a class. */
public final class ServedEcho implements BeforeAllCallback, AfterAllCallback {
  private EchoServer server;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    server = EchoPods.serve(1);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    server.close();
  }

  /** It. */
  public EchoServer server() {
    return server;
  }
}
