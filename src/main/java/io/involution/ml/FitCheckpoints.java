package io.involution.ml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.involution.data.Sha256;
import io.involution.failure.InputException;
import io.involution.files.Durability;
import io.involution.files.DurableFiles;
import io.involution.files.FolderFiles;
import io.involution.files.UserPath;
import io.involution.files.WriteProbe;
import io.involution.model.state.ModelState;
import io.involution.model.state.ModelStateFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * Where a fit keeps its epochs, so that the same fit goes on after a failure. Fits of other data or
 * params, as a cross-validator has them, have other sub-folders.
 */
final class FitCheckpoints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FACTS = "fit.json";
  private static final String LOSSES = "losses";
  private static final String ACCURACIES = "accuracies";
  private static final Pattern EPOCH = Pattern.compile("epoch-\\d{5,}\\.bin");
  private static final int LETTERS = 32;

  /** Empty if nothing is kept. */
  private final Optional<FolderFiles> files;

  /**
   * What decides where epochs are kept.
   *
   * @param folder the user's folder; empty for none
   * @param params the params that are set
   */
  record Place(String folder, String params) {

    /**
     * Makes sure that epochs can be kept, before the first is trained. The folder stays: fits side
     * by side do not take it from each other.
     *
     * @throws InputException if they cannot
     */
    void requireWritable(Configuration hadoop) {
      if (folder.isEmpty()) {
        return;
      }
      FolderFiles files = FolderFiles.at(folder, hadoop);
      try {
        new DurableFiles(files.fileSystem()).makeFolders(files.path(""));
        WriteProbe.run(files.fileSystem(), files.path(""));
      } catch (IOException e) {
        throw UserPath.refused(
            "checkpointFolder %s cannot be written (%s): name a folder that you can write to",
            folder, e, hadoop);
      }
    }
  }

  /**
   * What a fit has come to.
   *
   * @param losses of each epoch
   * @param accuracies of each epoch on the held-out examples; empty if there are none
   * @param state after the last of them
   * @param best what is used: the averaged model after the epoch of the highest accuracy, or after
   *     the last one without held-out examples
   */
  record Kept(List<Double> losses, List<Double> accuracies, ModelState state, ModelState best) {
    /** Number of epochs. */
    int epochs() {
      return losses.size();
    }
  }

  /**
   * The epochs of one fit.
   *
   * @param place the user's folder
   * @param identity all that determines the result
   */
  FitCheckpoints(Place place, String identity, Configuration hadoop) {
    String name = Sha256.hex(identity.getBytes(StandardCharsets.UTF_8)).substring(0, LETTERS);
    files =
        place.folder().isEmpty()
            ? Optional.empty()
            : Optional.of(FolderFiles.at(place.folder() + "/" + name, hadoop));
  }

  /** The epoch of the highest accuracy, the first of them; the last epoch without accuracies. */
  static int bestEpoch(List<Double> losses, List<Double> accuracies) {
    int best = 0;
    for (int i = 1; i < accuracies.size(); i++) {
      best = accuracies.get(i) > accuracies.get(best) ? i : best;
    }
    return accuracies.isEmpty() ? losses.size() : best + 1;
  }

  /** Keeps an epoch, and forgets what is no longer needed. */
  void save(Kept kept) {
    if (files.isEmpty()) {
      return;
    }
    FolderFiles folder = files.get();
    String newest = name(kept.epochs());
    String best = name(bestEpoch(kept.losses(), kept.accuracies()));
    folder.write(newest, ModelStateFormat.write(kept.state()), Durability.ON_DISK);
    ObjectNode facts = JSON.createObjectNode();
    facts.set(LOSSES, JSON.valueToTree(kept.losses()));
    facts.set(ACCURACIES, JSON.valueToTree(kept.accuracies()));
    byte[] bytes = facts.toString().getBytes(StandardCharsets.UTF_8);
    // Last: it says that the epoch is there.
    folder.write(FACTS, bytes, Durability.ON_DISK);
    for (String file : folder.list("")) {
      if (EPOCH.matcher(file).matches() && !file.equals(newest) && !file.equals(best)) {
        folder.delete(file);
      }
    }
  }

  /**
   * The last epoch that was kept; empty if there is none.
   *
   * @throws InputException if it is damaged
   */
  Optional<Kept> latest() {
    return files.flatMap(folder -> folder.read(FACTS).map(facts -> read(folder, facts)));
  }

  private static Kept read(FolderFiles folder, byte[] bytes) {
    try {
      JsonNode facts = JSON.readTree(bytes);
      List<Double> losses = numbers(facts.path(LOSSES));
      List<Double> accuracies = numbers(facts.path(ACCURACIES));
      ModelState state = state(folder, losses.size());
      int best = bestEpoch(losses, accuracies);
      ModelState used = best == losses.size() ? state : state(folder, best);
      return new Kept(losses, accuracies, state, used.averaged());
    } catch (IOException e) {
      throw new InputException(
          folder.location() + "/" + FACTS + " is damaged: delete the folder to start over", e);
    }
  }

  private static List<Double> numbers(JsonNode list) {
    List<Double> numbers = new ArrayList<>();
    list.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }

  private static ModelState state(FolderFiles folder, int epoch) {
    String place = folder.location() + "/" + name(epoch);
    byte[] bytes =
        folder
            .read(name(epoch))
            .orElseThrow(
                () -> new InputException(place + " is missing: delete the folder to start over"));
    return ModelStateFormat.read(bytes, place);
  }

  private static String name(int epoch) {
    return String.format(Locale.ROOT, "epoch-%05d.bin", epoch);
  }
}
