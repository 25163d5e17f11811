package io.involution.model.state;

import io.involution.data.Sha256;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that training changes: named sections of float32 arrays, and the number of local steps
 * taken. The sections {@link #PARAMETERS} and {@link #UPDATER} always exist; an outer step, or an
 * updater that each worker keeps, adds its own sections. Immutable by convention: no array is
 * modified after construction.
 */
public final class ModelState implements Serializable {
  /** The flat parameter vector, including running statistics. */
  public static final String PARAMETERS = "parameters";

  /**
   * The updater's state (Adam: first and second moments; Nesterovs and Muon: momentum). Empty for
   * plain SGD, and if the state is not shared: then training continues with a new updater, or with
   * each worker's own.
   */
  public static final String UPDATER = "updater";

  /** The outer step's velocity, as long as the parameter vector; absent for plain averaging. */
  public static final String OUTER = "outer";

  /**
   * The mean of the models of earlier rounds, as long as the parameter vector, which is evaluated
   * and saved in their place; absent without one.
   */
  public static final String AVERAGE = "average";

  private static final String OWN_UPDATER = "updater-of-worker-";

  private static final long serialVersionUID = 1L;

  private final long steps;
  private final LinkedHashMap<String, float[]> sections;

  /**
   * Wraps the sections.
   *
   * @param steps local steps taken since the beginning of training: Adam's t
   * @param sections arrays by name, kept and not copied, in the order in which they are written
   */
  public ModelState(long steps, Map<String, float[]> sections) {
    if (steps < 0) {
      throw new IllegalArgumentException("steps must not be negative: " + steps);
    }
    if (!sections.containsKey(PARAMETERS) || !sections.containsKey(UPDATER)) {
      throw new IllegalArgumentException("parameters or updater missing in " + sections.keySet());
    }
    this.steps = steps;
    this.sections = new LinkedHashMap<>(sections);
  }

  /** A state with the two sections that every model has. */
  public static ModelState of(long steps, float[] parameters, float[] updater) {
    LinkedHashMap<String, float[]> sections = new LinkedHashMap<>();
    sections.put(PARAMETERS, parameters);
    sections.put(UPDATER, updater);
    return new ModelState(steps, sections);
  }

  /** The name of the section for the updater state that one worker keeps. */
  public static String ownUpdater(int worker) {
    return OWN_UPDATER + worker;
  }

  /** Whether a section belongs to one worker and is not averaged. */
  public static boolean isOwn(String name) {
    return name.startsWith(OWN_UPDATER);
  }

  /** Whether a section has an entry for each parameter and never leaves the driver. */
  public static boolean isOfDriver(String name) {
    return name.equals(OUTER) || name.equals(AVERAGE);
  }

  /** Local steps taken since the beginning of training. */
  public long steps() {
    return steps;
  }

  /** Names of the sections, in order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(sections.keySet());
  }

  /**
   * One section; not a copy.
   *
   * @throws IllegalArgumentException when the section does not exist
   */
  public float[] section(String name) {
    float[] section = sections.get(name);
    if (section == null) {
      throw new IllegalArgumentException("no section " + name + " among " + sections.keySet());
    }
    return section;
  }

  /** The flat parameter vector; not a copy. */
  public float[] parameters() {
    return section(PARAMETERS);
  }

  /** The updater's state; not a copy. */
  public float[] updater() {
    return section(UPDATER);
  }

  /** A copy with one section added or replaced. */
  public ModelState with(String name, float[] values) {
    LinkedHashMap<String, float[]> changed = new LinkedHashMap<>(sections);
    changed.put(name, values);
    return new ModelState(steps, changed);
  }

  /**
   * The state that all workers start a round from: without the outer step's state and the workers'
   * own states.
   */
  public ModelState shared() {
    return of(steps, parameters(), updater());
  }

  /** The updater states that workers keep, by worker; not copies. */
  public List<float[]> ownUpdaters() {
    return sections.entrySet().stream()
        .filter(section -> isOwn(section.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Number of bytes that a round sends to each worker: the shared state and the worker's own. */
  public long workerBytes() {
    return shared().bytes()
        + ownUpdaters().stream().mapToLong(own -> 4L * own.length).max().orElse(0);
  }

  /** The state with the averaged model as its parameters, if there is one; otherwise this one. */
  public ModelState averaged() {
    if (!sections.containsKey(AVERAGE)) {
      return this;
    }
    LinkedHashMap<String, float[]> changed = new LinkedHashMap<>(sections);
    changed.put(PARAMETERS, changed.remove(AVERAGE));
    return new ModelState(steps, changed);
  }

  /** The part that an evaluation needs: only the parameters. */
  public ModelState parametersOnly() {
    return of(steps, parameters(), new float[0]);
  }

  /** Number of bytes in all arrays. */
  public long bytes() {
    return sections.values().stream().mapToLong(section -> 4L * section.length).sum();
  }

  /** Whether every number in every section is finite. */
  public boolean isFinite() {
    for (float[] section : sections.values()) {
      for (float value : section) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * SHA-256 of the little-endian float32 parameter vector, including running statistics, in
   * hexadecimal.
   */
  public String parametersSha256() {
    float[] parameters = parameters();
    ByteBuffer bytes = ByteBuffer.allocate(4 * parameters.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(parameters);
    return Sha256.hex(bytes.array());
  }

  /** Java serialization sends a {@link TravellingState} instead, which restores the state. */
  private Object writeReplace() {
    return new TravellingState(this);
  }
}
