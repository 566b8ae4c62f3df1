package dev.conntrail.testbed.kube;

import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The main process of a pod, held through the API's {@code attach}, as if it were a child. */
final class PodProcess extends Process {
  private static final int GONE = -1;
  private static final long EXIT_CODE_LIMIT_MS = 2000;

  private final ExecWatch watch;
  private final InputStream output;

  /**
   * Takes hold of it.
   *
   * @param watch attached, with input, output and error redirected
   * @param log gets what it writes to standard error
   */
  PodProcess(ExecWatch watch, Path log) {
    this.watch = watch;
    this.output = watch.getOutput();
    Thread.ofVirtual().start(() -> copy(watch.getError(), log));
  }

  private static void copy(InputStream error, Path log) {
    try (error;
        OutputStream out =
            java.nio.file.Files.newOutputStream(
                log,
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND)) {
      error.transferTo(out);
    } catch (IOException _) {
      // the connection has ended, and with it the log
    }
  }

  /** The API cannot close input alone: closing it lets go of the process. */
  @Override
  public OutputStream getOutputStream() {
    return new FilterOutputStream(watch.getInput()) {
      @Override
      public void write(byte[] b, int off, int len) throws IOException {
        out.write(b, off, len);
      }

      @Override
      public void close() {
        destroy();
      }
    };
  }

  @Override
  public InputStream getInputStream() {
    return output;
  }

  @Override
  public InputStream getErrorStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public boolean isAlive() {
    return !watch.exitCode().isDone();
  }

  @Override
  public int waitFor() throws InterruptedException {
    return waitFor(EXIT_CODE_LIMIT_MS, TimeUnit.MILLISECONDS) ? exitValue() : GONE;
  }

  @Override
  public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      watch.exitCode().get(timeout, unit);
      return true;
    } catch (ExecutionException _) {
      return true;
    } catch (TimeoutException _) {
      return false;
    }
  }

  @Override
  public int exitValue() {
    CompletableFuture<Integer> code = watch.exitCode();
    if (!code.isDone()) {
      throw new IllegalThreadStateException("it has not ended");
    }
    if (code.isCompletedExceptionally()) {
      return GONE;
    }
    Integer value = code.join();
    return value == null ? GONE : value;
  }

  /** Lets go of it. */
  @Override
  public void destroy() {
    watch.close();
    watch.exitCode().complete(GONE);
  }
}
