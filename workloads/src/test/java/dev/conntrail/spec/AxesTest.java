package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Axes, and cells as values of them. */
class AxesTest {
  private static final Course COURSE =
      new Course(
          new Phases(
              Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(2)),
          List.of(),
          1);
  private static final Cell CELL = Cell.of(COURSE);

  private static List<Axis<?>> all() {
    return Axes.ALL;
  }

  @Test
  void everyWordIsOneAxis() {
    assertThat(new HashSet<>(Axes.words())).hasSameSizeAs(Axes.ALL);
    assertThat(Axes.ALL)
        .allSatisfy(a -> {
          assertThat(Axes.find(a.word())).hasValue(a);
          assertThat(BlockReader.KEYS).contains(a.word());
        });
    assertThat(Axes.find("colour")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  <T> void whatHoldsByDefaultIsReadAsItIsWritten(Axis<T> axis) {
    axis.usual().ifPresent(v -> assertThat(axis.parse(axis.text(v))).isEqualTo(v));
    assertThatThrownBy(() -> axis.parse("colour"))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("all")
  <T> void aValueThatIsNotSetIsAsTheUsualOneInTheKey(Axis<T> axis) {
    assertThat(axis.usual().map(v -> CELL.with(axis, v).id()).orElse(CELL.id()))
        .isEqualTo(CELL.id());
    assertThat(CELL.find(axis).isPresent()).isEqualTo(!axis.setting());
  }

  @Test
  void aCellHasWhatItWasGivenWhateverTheOrder() {
    Cell one = CELL.with(Axes.PODS, 3).with(Setting.SYN_RETRIES, 2).with(Axes.NODES, 2);
    Cell other = CELL.with(Axes.NODES, 2).with(Axes.PODS, 3).with(Setting.SYN_RETRIES, 2);
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one.values().axes()).containsExactlyElementsOf(other.values().axes());
    assertThat(one.pods()).isEqualTo(3);
    assertThat(one.find(Setting.SYN_RETRIES)).hasValue(2);
    assertThat(one.get(Setting.TCP_RETRIES)).isEqualTo(15);
    assertThat(one).isNotEqualTo(CELL.with(Axes.PODS, 3));
  }

  @Test
  void settingsAreWrittenAndReadAsOneColumn() {
    AxisValues settings = CELL.with(Setting.IPVS_TCP_TIMEOUT, 3).settings();
    assertThat(settings).hasToString("ipvs-tcp-timeout=3s");
    assertThat(AxisValues.parse("ipvs-tcp-timeout=3s")).isEqualTo(settings);
    assertThat(CELL.settings()).hasToString("none").isEqualTo(AxisValues.parse("none"));
    assertThatThrownBy(() -> AxisValues.parse("colour=3"))
        .hasMessage("found 'colour=3'; allowed: SETTING=VALUE, or none");
    assertThatThrownBy(() -> AxisValues.parse("syn-retries=7"))
        .hasMessage("found 'syn-retries=7'; allowed: a whole number from 1 to 6");
  }

  @Test
  void whatIsSetOfADataPlaneAloneIsPartOfItsNameAndTheRestOfTheWorkload() {
    Cell cell =
        CELL.with(Axes.DATA_PLANE, DataPlane.IPVS)
            .with(Setting.CONN_REUSE_MODE, 0)
            .with(Setting.SYN_RETRIES, 2);
    assertThat(cell.variant().text()).isEqualTo("ipvs-rr, conn-reuse-mode 0");
    assertThat(cell.workload()).isEqualTo("http1, 100 connections, syn-retries 2");
  }

  @ParameterizedTest
  @CsvSource({
    "closed, Closed, ",
    "600, Constant, ",
    "100..1000, Ramp, from 100/s evenly to 1000/s",
    "100/200/400, Steps, 100 then 200 then 400/s",
  })
  void aRateIsReadAsItIsWritten(String word, String kind, String phrase) {
    LoadModel rate = LoadModel.parse(word);
    assertThat(rate.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(rate.word()).isEqualTo(word);
    assertThat(CELL.with(Axes.RATE, rate).workload())
        .isEqualTo("http1, 100 connections" + (phrase == null ? "" : ", " + phrase));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "open", "1..", "..1", "1..2..3", "1...2", "0..5", "1/", "1/0", "1000001"})
  void whatIsNoRateIsRefused(String word) {
    assertThatThrownBy(() -> LoadModel.parse(word))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("found '" + word + "'; allowed: closed, requests a second from 1");
  }

  @Test
  void retriesMakeAnotherCellAndHaveLibrariesAsTheirClient() {
    Cell off = CELL.with(Axes.RETRIES, Retries.OFF);
    Cell library = CELL.with(Axes.RETRIES, Retries.LIBRARY);
    assertThat(off.key()).isEqualTo(CELL.key());
    assertThat(off.title()).isEqualTo(CELL.title());
    assertThat(library.key()).contains(" retries=library ");
    assertThat(library.title()).contains("http1, retried by the library, ");
    assertThat(library.provoking()).isFalse();
    assertThat(Axes.RETRIES.refusal(off.with(Axes.CLIENT, ClientKind.LOOP))).isEmpty();
    List<Cell> cells = block("{retries: [off, library], protocol: [http1, grpc]}");
    assertThat(cells).hasSize(4).allMatch(c -> c.client() == ClientKind.LIBRARY);
    assertThat(cells.stream().map(c -> c.get(Axes.RETRIES)).distinct())
        .containsExactly(Retries.OFF, Retries.LIBRARY);
    assertThat(block("{retries: off}")).allMatch(c -> c.client() == ClientKind.LOOP);
  }

  private static List<Cell> block(String text) {
    return ExperimentReader.parse(
            "f.yaml", "experiment: mine\nquestion: Why?\ntestbed: netns\nmatrix:\n  - " + text)
        .cells();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client: loop | client loop | the loop sends nothing again; or client: library",
        "protocol: websocket | protocol websocket | Java-WebSocket sends nothing again; library with",
        "protocol: grpc-stream | protocol grpc-stream | gRPC keeps to a stream once",
        "protocol: short-lived | protocol short-lived | OkHttp sends nothing again that failed on",
      })
  void aClientWithoutRetriesCannotBeAskedForThem(String other, String found, String why) {
    assertThatThrownBy(() -> block("{retries: library, " + other + "}"))
        .hasMessageStartingWith(
            "f.yaml:5: matrix.retries: found 'library' with "
                + found
                + "; allowed: off there, for ")
        .hasMessageContaining(why);
    assertThatThrownBy(() -> block("{retries: twice}"))
        .hasMessageStartingWith("f.yaml:5: matrix.retries: found 'twice'; allowed: off, library");
  }

  @Test
  void poissonArrivalsMakeAnotherCellAndAreSaid() {
    Cell regular = CELL.with(Axes.RATE, new LoadModel.Constant(600));
    Cell poisson = regular.with(Axes.ARRIVALS, Arrivals.POISSON);
    assertThat(poisson.key())
        .isEqualTo(regular.key().replace("rate=600", "rate=600 arrivals=poisson"));
    assertThat(poisson.settings()).hasToString("arrivals=poisson");
    assertThat(poisson.title()).isEqualTo(regular.title() + ", Poisson arrivals");
    assertThat(poisson.provoking()).isFalse();
    assertThat(regular.with(Axes.ARRIVALS, Arrivals.REGULAR).id()).isEqualTo(regular.id());
    assertThat(Axes.ARRIVALS.refusal(poisson)).isEmpty();
    assertThat(Axes.ARRIVALS.refusal(CELL.with(Axes.ARRIVALS, Arrivals.POISSON)))
        .hasValueSatisfying(
            r -> assertThat(r.found()).isEqualTo("found 'poisson' with a closed loop"));
  }
}
