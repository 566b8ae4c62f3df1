package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.row.Cause;
import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.AxisValues;
import dev.conntrail.spec.CellId;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Event;
import dev.conntrail.spec.EventKind;
import dev.conntrail.spec.Lifecycle;
import dev.conntrail.spec.LoadModel;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.spec.Setting;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of every table, drawn at random, are read as they were written. */
class RoundTripTest {
  private static final List<PodEnding> ENDINGS = List.of(PodEnding.values());
  private static final List<String> CURES =
      List.of(
          "none",
          "least-request,learning=once",
          "round-robin+max-age=5s,jitter=grpc",
          "envoy-ring-hash",
          "haproxy-leastconn+max-requests=7,by=server",
          "connections-per-client=4",
          "max-requests=20,by=server+connections-per-client=4");

  private static final List<EventKind> KINDS = List.of(EventKind.values());
  private static final int ROWS = 200;

  /** What a text may hold that CSV has to take care of. */
  private static final List<String> PIECES =
      List.of(
          "pod-1", "a b", ",", "\"", "\"\"", "\n", "\r\n", "\r", ";", "NA", "none", "'", "#", "=",
          " ", "\t", "ü", "中", "😀", "0", "-");

  private final Random random = new Random(17);

  @TempDir private Path folder;

  static Stream<Table<?>> tables() {
    return Tables.all().stream();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void whatIsWrittenIsRead(Table<?> table) throws IOException {
    check(table);
  }

  private <R extends Record> void check(Table<R> table) throws IOException {
    RunFolder files = new RunFolder(folder);
    List<R> rows =
        IntStream.range(0, ROWS).mapToObj(_ -> table.type().cast(record(table.type()))).toList();
    files.append(table, rows.subList(0, ROWS / 2));
    files.append(table, rows.subList(ROWS / 2, ROWS));
    assertThat(files.rows(table)).isEqualTo(rows);
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      return constructor.newInstance(
          Arrays.stream(components).map(c -> value(c.getGenericType())).toArray());
    } catch (InvocationTargetException e) {
      // what no row may be is drawn again
      assertThat(e.getCause()).isInstanceOf(IllegalArgumentException.class);
      return record(type);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private Object value(Type type) {
    return switch (type) {
      case ParameterizedType p when p.getRawType() == Optional.class -> optional(p);
      case ParameterizedType p ->
          IntStream.range(0, random.nextInt(4))
              .mapToObj(_ -> listed(p.getActualTypeArguments()[0]))
              .toList();
      case Class<?> c when c.isEnum() ->
          c.getEnumConstants()[random.nextInt(c.getEnumConstants().length)];
      case Class<?> c -> plain(c);
      default -> throw new AssertionError("no column can hold a " + type);
    };
  }

  /** A text that is there is not the word for one that is not. */
  private Object optional(ParameterizedType type) {
    Object value = value(type.getActualTypeArguments()[0]);
    return random.nextInt(3) == 0 || value.equals("NA") ? Optional.empty() : Optional.of(value);
  }

  /** A text of a list holds no separator, and is not the word for an empty one. */
  private Object listed(Type type) {
    Object value = value(type);
    return value instanceof String s ? "x" + s.replace(";", "") : value;
  }

  private Object plain(Class<?> c) {
    if (c == CellRow.Events.class) {
      return new CellRow.Events(events());
    }
    if (c == Cause.class) {
      return random.nextInt(4) == 0
          ? Cause.IDLE
          : Cause.of(KINDS.get(random.nextInt(KINDS.size())));
    }
    return switch (c.getSimpleName()) {
      case "String" -> text();
      case "double" -> number();
      case "int", "Integer" -> random.nextInt(1, 1_000_000);
      case "long", "Long" -> random.nextLong(0, 1_000_000_000L);
      case "boolean" -> random.nextBoolean();
      case "Instant" -> Instant.ofEpochMilli(random.nextLong(2_000_000_000_000L));
      case "CellId" -> new CellId(HexFormat.of().toHexDigits(random.nextInt()));
      case "LoadModel" ->
          switch (random.nextInt(4)) {
            case 0 -> new LoadModel.Closed();
            case 1 -> new LoadModel.Constant(rate());
            case 2 -> new LoadModel.Ramp(rate(), rate());
            default -> new LoadModel.Steps(List.of(rate(), rate(), rate()));
          };
      case "AxisValues" -> settings();
      case "Cure" -> Cure.parse(CURES.get(random.nextInt(CURES.size())));
      default -> record(c);
    };
  }

  private int rate() {
    return random.nextInt(1, 10_000);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  /** One of six significant digits, of any size; or none. */
  private double number() {
    double size = random.nextBoolean() ? 1 : Math.pow(10, random.nextInt(-12, 15));
    double drawn = random.nextDouble() * size;
    return random.nextInt(8) == 0
        ? Double.NaN
        : Double.parseDouble(String.format(Locale.ROOT, "%.6g", drawn));
  }

  private AxisValues settings() {
    AxisValues settings = AxisValues.NONE;
    for (Setting setting : Setting.values()) {
      if (random.nextInt(4) == 0) {
        settings = settings.with(setting, random.nextInt(setting.least(), setting.most() + 1));
      }
    }
    return settings;
  }

  private List<Event> events() {
    return IntStream.range(0, random.nextInt(3))
        .mapToObj(_ -> event(KINDS.get(random.nextInt(KINDS.size())), time()))
        .toList();
  }

  private Duration time() {
    return Duration.ofMillis(random.nextInt(1, 100_000));
  }

  private Event event(EventKind kind, Duration at) {
    int pods = random.nextInt(1, 300);
    Lifecycle life =
        new Lifecycle(time(), time(), time(), time(), ENDINGS.get(random.nextInt(ENDINGS.size())));
    return switch (kind) {
      case ADD_ENDPOINTS, REMOVE_ENDPOINTS, DELETE_ENDPOINTS -> new Event.Endpoints(kind, pods, at);
      case SCALE -> new Event.Scale(pods, life, at);
      case KILL_POD -> new Event.KillPod(pods, time(), time(), at);
      case POWER_OFF ->
          new Event.PowerOff(pods, Optional.of(time()).filter(_ -> random.nextBoolean()), at);
      case PAUSE -> new Event.Pause(pods, time(), at);
      case SLOW_POD ->
          new Event.SlowPod(pods, time(), random.nextBoolean() ? time() : Duration.ZERO, at);
      case ROLLING_UPDATE -> new Event.RollingUpdate(random.nextInt(1, 9), pods, life, at);
      case DRAIN_NODE -> new Event.DrainNode(random.nextInt(1, 9), life, at);
      case RESTART_PROXY -> new Event.RestartProxy(time(), at);
      case CHANGE_MODE -> new Event.ChangeMode(DataPlane.IPVS, at);
    };
  }
}
