package dev.conntrail.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.ChildJar;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * SLF4J says aloud when threads log while it begins. Classes are loaded anew here, as in a process
 * that has just begun.
 */
class FirstLoggingTest {
  private static URL url(String path) {
    try {
      return new File(path).toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object state(ClassLoader fresh) throws ReflectiveOperationException {
    Field state =
        fresh.loadClass("org.slf4j.LoggerFactory").getDeclaredField("INITIALIZATION_STATE");
    state.setAccessible(true);
    return state.get(null);
  }

  @Test
  void itHasBegunBeforeAWebSocketClientHasThreads()
      throws IOException, ReflectiveOperationException {
    URL[] path =
        Arrays.stream(ChildJar.OWN.split(File.pathSeparator))
            .map(FirstLoggingTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader fresh = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
      assertThat(state(fresh)).as("not begun").isEqualTo(0);
      String own = FirstLoggingTest.class.getPackageName();
      Object plain =
          Arrays.stream(fresh.loadClass(own + ".PlainClients").getMethods())
              .filter(m -> m.getName().equals("connections") && m.getParameterCount() == 2)
              .findFirst()
              .orElseThrow()
              .invoke(null, "127.0.0.1:1", ledger(fresh));
      Constructor<?> made = fresh.loadClass(own + ".WebSocketClients").getDeclaredConstructors()[0];
      made.setAccessible(true);
      made.newInstance(plain);
      assertThat(state(fresh)).as("begun well").isEqualTo(3);
    }
  }

  private static Object ledger(ClassLoader fresh) throws ReflectiveOperationException {
    return fresh.loadClass("dev.conntrail.record.Ledger").getConstructor().newInstance();
  }
}
