package io.involution.config;

import io.involution.config.option.Choice;
import io.involution.config.option.Option;
import io.involution.config.option.Option.Effect;
import io.involution.config.option.Recorded;
import io.involution.config.option.Records;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A declared option, with access to its value. */
public final class DeclaredOption {
  private final List<RecordComponent> path;

  private DeclaredOption(List<RecordComponent> path) {
    this.path = path;
  }

  /** The option that a record's component declares. */
  static DeclaredOption of(RecordComponent component) {
    return new DeclaredOption(List.of(component));
  }

  /** The options that a record and its nested records declare, in order. */
  public static List<DeclaredOption> of(Class<?> type) {
    List<DeclaredOption> options = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.isAnnotationPresent(Option.class)) {
        options.add(of(component));
      } else if (component.getType() != GivenOptions.class) {
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

  /** The declaration. */
  public Option declaration() {
    return component().getAnnotation(Option.class);
  }

  /** The name as a flag and as a key in configuration files, such as {@code weight-decay}. */
  public String name() {
    String own = declaration().name();
    return own.isEmpty()
        ? component().getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT)
        : own;
  }

  /** The name in {@code run.json}, the identity and the ledger, such as {@code weight_decay}. */
  public String key() {
    return name().replace('-', '_');
  }

  /** Whether the result depends on it. */
  public boolean decidesResult() {
    return switch (declaration().effect()) {
      case RESULT, LIMIT, FACT -> true;
      case START, OUTPUTS -> false;
    };
  }

  /** Whether its value is part of the run's identity, rather than a fact that it stands for. */
  public boolean isInIdentity() {
    return decidesResult() && declaration().effect() != Effect.FACT;
  }

  /** Whether a user's network says it itself, unless it is given by hand. */
  public boolean isOfNetwork() {
    return GivenOptions.OF_NETWORKS.contains(name());
  }

  /** Whether the value is optional. */
  public boolean isOptional() {
    return component().getType() == Optional.class;
  }

  /** The type of the value, or of the content of its Optional. */
  public Class<?> type() {
    return isOptional()
        ? (Class<?>) ((ParameterizedType) component().getGenericType()).getActualTypeArguments()[0]
        : component().getType();
  }

  /** The placeholder of its value in the help; empty for a flag without a value. */
  public String label() {
    if (!declaration().label().isEmpty() || type() == boolean.class) {
      return declaration().label();
    }
    return type().isEnum() ? String.join("|", Choice.words(type())) : "N";
  }

  /** What happens if the option is not given; empty for flags. */
  public String byDefault() {
    String fallback = type() == boolean.class ? "" : declaration().defaultValue();
    return declaration().byDefault().isEmpty() ? fallback : declaration().byDefault();
  }

  /** The allowed numbers, such as {@code 1 or more}; empty if all are. */
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

  /** The value as in {@code run.json}, without secrets; null if it is not set. */
  public Object recorded(Record options) {
    Object value =
        value(options) instanceof Optional<?> maybe ? maybe.orElse(null) : value(options);
    if (value instanceof Recorded own) {
      return own.recorded();
    }
    return value instanceof String text ? Places.shown(text) : value;
  }

  /**
   * What {@code run.json} says of options, by key: those that only concern a start are left out.
   *
   * @param options a record that declares them
   */
  public static Map<String, Object> recorded(List<DeclaredOption> declared, Record options) {
    Map<String, Object> recorded = new LinkedHashMap<>();
    for (DeclaredOption option : declared) {
      if (option.declaration().effect() != Effect.START) {
        recorded.put(option.key(), option.recorded(options));
      }
    }
    return recorded;
  }

  /** The value as in the identity. */
  public String text(Record options) {
    Object recorded = recorded(options);
    return recorded == null ? declaration().defaultValue() : String.valueOf(recorded);
  }

  /**
   * Checks the values of a record's components, each an option, in order.
   *
   * @throws InputException naming the first one that is out of bounds
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

  /** NaN is never allowed. */
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
