package io.involution.config;

import static io.involution.config.option.Option.Effect.OUTPUTS;
import static io.involution.config.option.Option.Effect.START;

import io.involution.config.option.Option;
import io.involution.failure.InputException;
import java.util.Optional;

/** Where a run's outputs go. */
public record OutputOptions(
    @Option(
            heading = "Output",
            defaultValue = "",
            byDefault = "runs/ and the time in UTC",
            label = "URI",
            effect = OUTPUTS,
            help = "Folder for the outputs, on any Hadoop file system.")
        Optional<String> out,
    @Option(
            defaultValue = "false",
            effect = START,
            help = "Resume from the last checkpoint in --out, or start if there is none.",
            details =
                "Refuses what would change the result. Does nothing if the run is complete; more"
                    + " --epochs or --patience make it go on.")
        boolean resume,
    @Option(
            defaultValue = "false",
            effect = START,
            help = "Replace a run that is already in --out.")
        boolean overwrite) {

  /** Checks which options exclude each other. */
  public OutputOptions {
    if (resume && out.isEmpty()) {
      throw new InputException("--resume needs --out: name the folder of the run to resume");
    }
    if (resume && overwrite) {
      throw new InputException("--resume and --overwrite exclude each other: leave one out");
    }
  }
}
