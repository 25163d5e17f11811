package io.involution.driver;

import io.involution.config.ModelChoice;
import io.involution.config.TrainOptions;
import io.involution.failure.Causes;
import io.involution.failure.ResumableException;
import io.involution.failure.RunFailedException;
import io.involution.run.Checkpoints;
import io.involution.run.RunFolder;
import io.involution.spark.TaskFailures;
import java.util.function.BooleanSupplier;

/**
 * Whether what has failed can be resumed: the failure may pass, and there is a checkpoint.
 *
 * @param hasCheckpoint whether there is one, asked when something has failed
 * @param how what to do to resume
 */
public record Resumption(BooleanSupplier hasCheckpoint, String how) {

  /** The resumption of a run; DL4J's trainer begins again. */
  static Resumption of(RunFolder folder, TrainOptions options) {
    return new Resumption(
        () -> options.trainer().resumes() && isIn(folder, options.model()),
        "run the same command with --out " + folder.location() + " --resume to go on");
  }

  /** A failure, or one that says that it can be resumed. */
  public Throwable seen(Throwable failure) {
    return mayPass(failure) && isThere(failure) ? new ResumableException(how, failure) : failure;
  }

  /** The same as an exception to be thrown; an error that cannot be resumed is thrown here. */
  public RuntimeException thrown(Throwable failure) {
    Throwable seen = seen(failure);
    if (seen instanceof Error error) {
      throw error;
    }
    // Spark throws checked exceptions that its methods do not declare.
    return seen instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(seen);
  }

  /** Invalid input stays invalid; what is found wrong without a cause from outside is so again. */
  public static boolean mayPass(Throwable failure) {
    return TaskFailures.inputLine(failure).isEmpty()
        && !(Causes.root(failure) instanceof RunFailedException);
  }

  /** Why nobody can tell goes to the failure's trace. */
  private boolean isThere(Throwable failure) {
    try {
      return hasCheckpoint.getAsBoolean();
    } catch (RuntimeException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
      return false;
    }
  }

  /** Whether a run's folder has a checkpoint of one of the models. */
  public static boolean isIn(RunFolder folder, ModelChoice models) {
    return models.labels().stream().anyMatch(label -> Checkpoints.exist(folder, label));
  }
}
