package io.involution.config.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The only declaration of an option, on the record component that holds its value. Everything else
 * is derived from it: the flag and its help, the key of configuration files, the default, the
 * bounds check, the run's identity, {@code run.json}, the ledger's column and the options page.
 *
 * <p>The component's type determines how a value is parsed: see {@code OptionReader}. An {@link
 * java.util.Optional} is empty if the value is {@code 0}, {@code ""} or, for fractional numbers,
 * {@code auto}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /**
   * The name as a flag and as a key; by default the component's, such as weight-decay for
   * weightDecay.
   */
  String name() default "";

  /** The heading in the help; set on the first option of a group. */
  String heading() default "";

  /** The default, as in a configuration file. */
  String defaultValue();

  /** What happens by default, if the default value is not self-explanatory. */
  String byDefault() default "";

  /** The value that the flag stands for without one; by default it needs one. */
  String withoutValue() default "";

  /** The placeholder of its value in the help; by default the possible values, or {@code N}. */
  String label() default "";

  /** Minimum, inclusive. */
  double least() default Double.NEGATIVE_INFINITY;

  /** Minimum, exclusive. */
  double above() default Double.NEGATIVE_INFINITY;

  /** Maximum, inclusive. */
  double most() default Double.POSITIVE_INFINITY;

  /** Maximum, exclusive. */
  double below() default Double.POSITIVE_INFINITY;

  /** What the option affects. */
  Effect effect() default Effect.RESULT;

  /**
   * A description in one or two sentences, for the help, the options page and the configuration
   * file.
   */
  String help();

  /** Further details, for the options page and the configuration file. */
  String details() default "";

  /** What an option affects. */
  enum Effect {
    /** Only how this start of a run behaves; it is not recorded. */
    START,
    /** What a run writes, but not its result; recorded in {@code run.json}. */
    OUTPUTS,
    /** The result; the value is part of the run's identity. */
    RESULT,
    /** The result, by how long training goes on: a run can be resumed with a higher one. */
    LIMIT,
    /** The result, through a fact that the identity contains instead, such as the data's digest. */
    FACT
  }
}
