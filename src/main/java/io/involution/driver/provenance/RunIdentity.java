package io.involution.driver.provenance;

import io.involution.config.DeclaredOption;
import io.involution.config.InvolutionOptions;
import io.involution.config.TrainConfig;
import io.involution.config.TrainOptions;
import io.involution.config.training.LearningRateOptions.Decay;
import io.involution.data.DataFingerprint;
import io.involution.driver.input.Networks;
import io.involution.failure.InputException;
import io.involution.run.Identities;
import io.involution.train.time.EpochPlan;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that determines a run's result, as text by name: equal identities give equal bits, and
 * a run can only be resumed with the same identity.
 *
 * @param values the texts
 */
public record RunIdentity(Map<String, String> values) {
  /** The numbers of epochs that the step size was scheduled for, if it was more than one. */
  private static final String SCHEDULED = Identities.SCHEDULED_EPOCHS;

  private static final String AVERAGE = "weight_average";
  private static final String DECAY = "learning_rate_decay";

  /**
   * Facts that options refer to.
   *
   * @param data the data's fingerprint
   * @param initSha256 digest of the model file that training starts from, if there is one
   * @param devices the kinds of what the workers compute on, such as {@code cpu}
   * @param networks what decides the results of users' networks, by name
   */
  public record Facts(
      DataFingerprint data,
      Optional<String> initSha256,
      Set<String> devices,
      Map<String, String> networks) {}

  /** The identity of a run: the job, the facts that options refer to, and the other options. */
  public static RunIdentity of(TrainOptions options, EpochPlan plan, Facts facts) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("job_version", JobVersion.version());
    values.put("job_commit", JobVersion.commit());
    values.put("data_sha256", facts.data().sha256());
    values.put("train_examples", String.valueOf(plan.examples()));
    values.put("test_examples", String.valueOf(facts.data().testExamples()));
    values.put("workers", String.valueOf(plan.workers()));
    values.put("batch_size_per_worker", String.valueOf(plan.batchSizePerWorker()));
    values.put("averaging_period", plan.averagingPeriod().resolved(plan.stepsPerEpoch()).word());
    values.put("outer_step", plan.outerStep(options.averaging()).word());
    values.put("init_sha256", facts.initSha256().orElse(""));
    values.put("device", String.join(", ", facts.devices()));
    for (DeclaredOption option : TrainConfig.OPTIONS) {
      if (option.isInIdentity()) {
        values.put(option.key(), option.text(options));
      }
    }
    facts.networks().forEach((network, digest) -> values.put(Identities.NETWORK + network, digest));
    if (Networks.involution(options).isEmpty()) {
      // They do not decide the result of a network without them.
      DeclaredOption.of(InvolutionOptions.class).forEach(option -> values.remove(option.key()));
    }
    return new RunIdentity(values);
  }

  /**
   * The identity of a run that goes on with another one, perhaps for more epochs than it was to
   * have. If the step size depends on the number of epochs, the bits are then not those of a run
   * that was to have them from the start, and the identity tells them apart. Nor are they if it has
   * come to its end within an epoch, where it took an average.
   *
   * @param before the identity so far; empty if there is none
   * @param atCut whether it was to end within an epoch, and has come to that end
   * @throws InputException if it may have chosen its best epoch there
   */
  public RunIdentity goingOn(Map<String, String> before, boolean atCut) {
    String scheduled = before.get(SCHEDULED);
    String epochs = before.get("epochs");
    // More patience alone changes neither a step nor where an epoch ends.
    boolean more = epochs != null && !epochs.equals(values.get("epochs"));
    if (more && atCut && !"0".equals(values.getOrDefault("validation", "0"))) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--resume: epochs was %s, which ended within an epoch that --validation may have"
                  + " chosen: such a run cannot go on for longer; use another --out",
              epochs));
    }
    if (more && (atCut || dependsOnEpochs())) {
      String first = scheduled == null ? epochs : scheduled;
      scheduled = first + ", " + values.get("epochs");
    }
    if (scheduled == null) {
      return this;
    }
    Map<String, String> merged = new LinkedHashMap<>(values);
    merged.put(SCHEDULED, scheduled);
    return new RunIdentity(merged);
  }

  /** Whether what a step does depends on the number of epochs. */
  private boolean dependsOnEpochs() {
    return !isConstant() || values.getOrDefault(AVERAGE, "").startsWith("lookahead");
  }

  private boolean isConstant() {
    return Decay.CONSTANT.word().equals(values.get(DECAY));
  }

  /** What a run does that goes on for longer than it was to, in a line. */
  public String howItGoesOn() {
    String scheduled = values.get(SCHEDULED);
    String longer = "the run goes on for longer than it was to: ";
    if (scheduled == null) {
      return longer + "its bits are those of a run that was to from the start";
    }
    String why =
        !isConstant()
            ? String.format(
                Locale.ROOT,
                "where it got more epochs, the step size changes to the %s schedule of all %s"
                    + " epochs and may rise",
                values.get(DECAY),
                values.get("epochs"))
            : dependsOnEpochs()
                ? "where it got more epochs, lookahead changes to that of all "
                    + values.get("epochs")
                    + " epochs"
                : "it averaged where it ended within an epoch";
    return String.format(
        Locale.ROOT,
        "%s%s, and the bits are not those of a run that was to be so long from the start"
            + " (scheduled epochs: %s)",
        longer,
        why,
        scheduled);
  }

  /** The options as run.json shows them: as the user gave them, without secrets. */
  public static Map<String, Object> shown(TrainOptions options, String out) {
    Map<String, Object> shown = DeclaredOption.recorded(TrainConfig.OPTIONS, options);
    shown.put("out", out);
    return shown;
  }
}
