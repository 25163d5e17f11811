package io.involution.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The one declaration of an option, on the record component that holds its value. The flag and its
 * help, the key of configuration files, the default, the check of its bounds, the run's identity,
 * {@code run.json}, the ledger's column and the options page all come from here.
 *
 * <p>The component's type decides how a value is read: see {@link OptionReader}. An {@link
 * java.util.Optional} is empty where the value is {@code 0}, {@code ""} or, of numbers with a
 * fraction, {@code auto}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /** Name as flag and as key; by default the component's, such as weight-decay for weightDecay. */
  String name() default "";

  /** Of the first option of some that belong together: what is above them in help. */
  String heading() default "";

  /** The default, as a configuration file has it. */
  String defaultValue();

  /** What happens by default, where the default value alone does not say it. */
  String byDefault() default "";

  /** What help calls its value; by default the words that it takes, or {@code N}. */
  String label() default "";

  /** Least number allowed. */
  double least() default Double.NEGATIVE_INFINITY;

  /** Numbers have to be above this one. */
  double above() default Double.NEGATIVE_INFINITY;

  /** Greatest number allowed. */
  double most() default Double.POSITIVE_INFINITY;

  /** Numbers have to be below this one. */
  double below() default Double.POSITIVE_INFINITY;

  /** What it changes. */
  Effect effect() default Effect.RESULT;

  /** What it does, in a sentence or two: help, page and configuration file show it. */
  String help();

  /** What else there is to know: page and configuration file show it. */
  String details() default "";

  /** What another value of an option changes. */
  enum Effect {
    /** How this one start of a run behaves: nothing records it. */
    START,
    /** What a run writes, but not its result: {@code run.json} records it. */
    OUTPUTS,
    /** The result: the value is part of the run's identity. */
    RESULT,
    /** The result, by a fact that the identity has instead, such as the data's digest. */
    FACT
  }
}
