package io.involution.config;

import static io.involution.config.Option.Effect.OUTPUTS;
import static io.involution.config.Option.Effect.THIS_START;
import static io.involution.config.Option.Group.OUTPUT;

import io.involution.failure.InputException;
import java.util.Optional;

/** Where a run's outputs go. */
public record OutputOptions(
    @Option(
            name = "out",
            group = OUTPUT,
            defaultValue = "",
            byDefault = "runs/ and the time in UTC",
            label = "URI",
            effect = OUTPUTS,
            help = "Folder for the outputs, on any Hadoop file system.")
        Optional<String> out,
    @Option(
            name = "resume",
            group = OUTPUT,
            defaultValue = "false",
            effect = THIS_START,
            help =
                "Resume from the last checkpoint in --out; start if there is none; do nothing if"
                    + " the run is complete.",
            details = "Other options, data or another version of the job are refused.")
        boolean resume,
    @Option(
            name = "overwrite",
            group = OUTPUT,
            defaultValue = "false",
            effect = THIS_START,
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
