package io.involution.config;

import io.involution.config.Option.Effect;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An option as it is declared, and the way to its value. */
public final class DeclaredOption {
  private final List<RecordComponent> path;

  private DeclaredOption(List<RecordComponent> path) {
    this.path = path;
  }

  /** The option that a record's component declares. */
  static DeclaredOption of(RecordComponent component) {
    return new DeclaredOption(List.of(component));
  }

  /** The options that a record and the records in it declare, in their order. */
  public static List<DeclaredOption> of(Class<?> type) {
    List<DeclaredOption> options = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.isAnnotationPresent(Option.class)) {
        options.add(of(component));
      } else {
        of(component.getType()).forEach(option -> options.add(option.below(component)));
      }
    }
    return List.copyOf(options);
  }

  private DeclaredOption below(RecordComponent component) {
    List<RecordComponent> longer = new ArrayList<>(List.of(component));
    longer.addAll(path);
    return new DeclaredOption(longer);
  }

  /** What is declared. */
  public Option declaration() {
    return component().getAnnotation(Option.class);
  }

  /** Name as flag and key of configuration files, such as {@code weight-decay}. */
  public String name() {
    String own = declaration().name();
    return own.isEmpty()
        ? component().getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT)
        : own;
  }

  /** Name in {@code run.json}, the identity and the ledger, such as {@code weight_decay}. */
  public String key() {
    return name().replace('-', '_');
  }

  /** Whether the result depends on it. */
  public boolean decidesResult() {
    return declaration().effect() == Effect.RESULT || declaration().effect() == Effect.FACT;
  }

  /** Whether a value may be left open. */
  public boolean isOptional() {
    return component().getType() == Optional.class;
  }

  /** Type of the value, or of what its Optional holds. */
  public Class<?> type() {
    return isOptional()
        ? (Class<?>) ((ParameterizedType) component().getGenericType()).getActualTypeArguments()[0]
        : component().getType();
  }

  /** The placeholder of its value in help; empty for a flag without a value. */
  public String label() {
    if (!declaration().label().isEmpty() || type() == boolean.class) {
      return declaration().label();
    }
    return type().isEnum() ? String.join("|", Choice.words(type())) : "N";
  }

  /** What happens without the option; empty for flags. */
  public String byDefault() {
    String fallback = type() == boolean.class ? "" : declaration().defaultValue();
    return declaration().byDefault().isEmpty() ? fallback : declaration().byDefault();
  }

  /** The numbers allowed, such as {@code 1 or more}; empty where any is. */
  public String bounds() {
    Option declaration = declaration();
    String low =
        declaration.above() > Double.NEGATIVE_INFINITY
            ? "a number above " + number(declaration.above())
            : number(declaration.least());
    boolean isLeast = declaration.least() > Double.NEGATIVE_INFINITY;
    if (declaration.most() < Double.POSITIVE_INFINITY) {
      return low + (isLeast ? " to " : ", up to ") + number(declaration.most());
    }
    if (declaration.below() < Double.POSITIVE_INFINITY) {
      return low + (isLeast ? " or more" : "") + ", less than " + number(declaration.below());
    }
    return isLeast ? low + " or more" : low;
  }

  /** The option's value in a record that declares it. */
  public Object value(Record options) {
    Object value = options;
    for (RecordComponent component : path) {
      value = Records.get((Record) value, component);
    }
    return value;
  }

  /** The value as {@code run.json} has it, without secrets; null where it is left open. */
  public Object recorded(Record options) {
    Object value =
        value(options) instanceof Optional<?> maybe ? maybe.orElse(null) : value(options);
    if (value instanceof Choice choice) {
      return choice.word();
    }
    if (value instanceof AveragingPeriod period) {
      return period.recorded();
    }
    if (value instanceof CheckpointCadence cadence) {
      return cadence.word();
    }
    return value instanceof String text ? Places.shown(text) : value;
  }

  /** The value as the identity has it. */
  public String text(Record options) {
    Object recorded = recorded(options);
    return recorded == null ? declaration().defaultValue() : String.valueOf(recorded);
  }

  /**
   * Checks the values of a record's components, each an option, in their order.
   *
   * @throws InputException naming the first that is out of bounds
   */
  static void check(Class<? extends Record> type, Object... values) {
    RecordComponent[] components = type.getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      of(components[i]).check(values[i]);
    }
  }

  /**
   * Checks a value.
   *
   * @throws InputException when it is out of bounds
   */
  void check(Object value) {
    if (value instanceof Optional<?> maybe) {
      maybe.ifPresent(this::check);
    } else if (value instanceof Number number && !isAllowed(number.doubleValue())) {
      String open = isOptional() && type() == Double.class ? ", or auto" : "";
      throw new InputException("--" + name() + " is " + number + ": use " + bounds() + open);
    }
  }

  /** NaN never is. */
  private boolean isAllowed(double value) {
    Option declaration = declaration();
    return value >= declaration.least()
        && value > declaration.above()
        && value <= declaration.most()
        && value < declaration.below();
  }

  private RecordComponent component() {
    return path.get(path.size() - 1);
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return "";
    }
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
