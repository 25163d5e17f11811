package io.involution.config.option;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Creates records of options generically, so that their components are not listed again. */
public final class Records {
  private Records() {}

  /** A component's value. */
  public static Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Creates a record.
   *
   * @param values its components, in order
   */
  public static <R extends Record> R of(Class<R> type, Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A copy of a record with another value for its only component of that value's type. */
  public static <R extends Record> R with(Class<R> type, R record, Object other) {
    Object[] values =
        Arrays.stream(type.getRecordComponents())
            .map(
                component ->
                    component.getType() == other.getClass() ? other : get(record, component))
            .toArray();
    return of(type, values);
  }
}
