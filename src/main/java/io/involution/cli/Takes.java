package io.involution.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Selects the train command's options that a command takes; {@link TrainFlags} adds them to it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Takes {
  /** Their names; an empty list means all of them. */
  String[] value() default {};
}
