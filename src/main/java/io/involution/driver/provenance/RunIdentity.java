package io.involution.driver.provenance;

import io.involution.config.AveragingOptions;
import io.involution.config.AveragingPeriod;
import io.involution.config.InvolutionOptions;
import io.involution.config.LearningRateOptions;
import io.involution.config.TrainOptions;
import io.involution.data.DataFingerprint;
import io.involution.driver.input.Networks;
import io.involution.failure.Places;
import io.involution.train.EpochPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All that decides a run's result, as text by name: equal identities give equal bits, and a run can
 * only go on where the identity is the same.
 *
 * @param values the texts
 */
public record RunIdentity(Map<String, String> values) {

  /**
   * What the options only name.
   *
   * @param data the data's fingerprint
   * @param initSha256 digest of the model file that training starts from, where there is one
   * @param devices what the workers compute on
   */
  public record Facts(DataFingerprint data, Optional<String> initSha256, List<String> devices) {
    /** Such as {@code cpu}: their numbers do not matter. */
    private Set<String> deviceKinds() {
      return devices.stream()
          .map(device -> device.replaceAll(":.*", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The identity of a run. */
  public static RunIdentity of(TrainOptions options, EpochPlan plan, Facts facts) {
    DataFingerprint data = facts.data();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("job_version", JobVersion.version());
    values.put("job_commit", JobVersion.commit());
    values.put("model", options.model().word());
    values.put("data_sha256", data.sha256());
    values.put("train_examples", String.valueOf(plan.examples()));
    values.put("test_examples", String.valueOf(data.testExamples()));
    values.put("validation", String.valueOf(options.validation()));
    values.put("epochs", String.valueOf(options.epochs()));
    values.put("workers", String.valueOf(plan.workers()));
    values.put("batch_size_per_worker", String.valueOf(plan.batchSizePerWorker()));
    values.put("averaging_period", plan.averagingPeriod().resolved(plan.stepsPerEpoch()).word());
    values.put("outer_step", plan.outerStep(options.averaging()).word());
    put(values, options.averaging());
    Networks.involution(options).ifPresent(shape -> put(values, shape));
    values.put("trainer", options.trainer().word());
    put(values, options.learningRate());
    values.put("weight_decay", String.valueOf(options.weightDecay()));
    values.put("augment", String.valueOf(options.augment()));
    values.put("seed", String.valueOf(options.seed()));
    values.put("init_sha256", facts.initSha256().orElse(""));
    values.put("device", String.join(", ", facts.deviceKinds()));
    return new RunIdentity(values);
  }

  /** Not the exchange: the bits are the same either way. */
  private static void put(Map<String, String> values, AveragingOptions averaging) {
    values.put("outer_learning_rate", word(averaging.outerLearningRate()));
    values.put("outer_momentum", word(averaging.outerMomentum()));
    values.put("updater_state", averaging.updaterState().word());
  }

  private static void put(Map<String, String> values, LearningRateOptions learningRate) {
    values.put("learning_rate", String.valueOf(learningRate.rate()));
    values.put("learning_rate_scaling", learningRate.scaling().word());
    values.put("warmup_epochs", String.valueOf(learningRate.warmupEpochs()));
    values.put("learning_rate_decay", learningRate.decay().word());
  }

  private static String word(Optional<Double> number) {
    return number.map(String::valueOf).orElse("auto");
  }

  /** Not for a network without involutions: they do not decide its result. */
  private static void put(Map<String, String> values, InvolutionOptions involution) {
    values.put("kernel_size", String.valueOf(involution.kernelSize()));
    values.put("groups", String.valueOf(involution.groups()));
    values.put("reduction_ratio", String.valueOf(involution.reductionRatio()));
    values.put("stride", String.valueOf(involution.stride()));
  }

  /** The options as run.json shows them: what was asked for, without secrets. */
  public static Map<String, Object> shown(TrainOptions options, String out) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("model", options.model().word());
    shown.put("data", Places.shown(options.data()));
    shown.put("out", out);
    shown.put("epochs", options.epochs());
    shown.put("validation", options.validation());
    shown.put("batch_size", options.batchSize());
    shown.put("batch_size_per_worker", options.batchSizePerWorker().orElse(null));
    shown.put("workers", options.workers().orElse(null));
    shown.put("averaging_period", period(options.averaging().period()));
    shown.put("outer_step", options.averaging().outerStep().word());
    shown.put("outer_learning_rate", options.averaging().outerLearningRate().orElse(null));
    shown.put("outer_momentum", options.averaging().outerMomentum().orElse(null));
    shown.put("updater_state", options.averaging().updaterState().word());
    shown.put("exchange", options.averaging().exchange().word());
    shown.put("kernel_size", options.involution().kernelSize());
    shown.put("groups", options.involution().groups());
    shown.put("reduction_ratio", options.involution().reductionRatio());
    shown.put("stride", options.involution().stride());
    shown.put("device", options.device().word());
    shown.put("trainer", options.trainer().word());
    shown.put("init", options.init().map(Places::shown).orElse(null));
    shown.put("learning_rate", options.learningRate().rate());
    shown.put("learning_rate_scaling", options.learningRate().scaling().word());
    shown.put("warmup_epochs", options.learningRate().warmupEpochs());
    shown.put("learning_rate_decay", options.learningRate().decay().word());
    shown.put("weight_decay", options.weightDecay());
    shown.put("augment", options.augment());
    shown.put("seed", options.seed());
    shown.put("train_limit", options.trainLimit().orElse(null));
    shown.put("test_limit", options.testLimit().orElse(null));
    shown.put("checkpoint_every", options.checkpointEvery().word());
    shown.put("images", options.report().images());
    shown.put("tensorboard", options.report().tensorboard());
    shown.put("mlflow", options.report().mlflow().map(Places::shown).orElse(null));
    return shown;
  }

  /** A number where it is one. */
  private static Object period(AveragingPeriod period) {
    OptionalInt steps = period.in(1);
    return period.isConstant() && steps.isPresent() ? (Object) steps.getAsInt() : period.word();
  }
}
