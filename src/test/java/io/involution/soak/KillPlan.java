package io.involution.soak;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where executors die in a run: each point once, in the task that comes first to the job that
 * Spark's job description names.
 *
 * @param point the point
 * @param job what the description has to hold, such as {@code epoch 1, round 2}
 */
record KillPlan(KillPoint point, String job) {
  /** Setting that holds the plans of a run. */
  static final String SETTING = "spark.soak.kills";

  /** The plans as the setting has them. */
  static String written(List<KillPlan> plans) {
    return plans.stream()
        .map(plan -> plan.point.name() + "@" + plan.job)
        .collect(Collectors.joining(";"));
  }

  /** The plans of a setting. */
  static List<KillPlan> read(String setting) {
    return Arrays.stream(setting.split(";"))
        .filter(word -> !word.isEmpty())
        .map(word -> word.split("@", 2))
        .map(parts -> new KillPlan(KillPoint.valueOf(parts[0]), parts[1]))
        .toList();
  }

  /** The first plan for a job that has not come true yet. */
  static Optional<KillPlan> next(List<KillPlan> plans, String job, Marks marks) {
    return plans.stream()
        .filter(plan -> job.contains(plan.job) && !marks.isSet(plan.point.word()))
        .findFirst();
  }
}
