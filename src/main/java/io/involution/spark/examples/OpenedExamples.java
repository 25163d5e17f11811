package io.involution.spark.examples;

import io.involution.config.ExampleOptions.Unreadable;
import io.involution.data.DataFingerprint;
import io.involution.data.DataSchema;
import io.involution.data.Digests;
import io.involution.data.Subset;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * Reads all examples once, checks what was found, and keeps them on the executors.
 *
 * @param dataset what kind of data it is, for outputs
 * @param place where it is, as the user named it
 * @param classes names of the classes, in label order
 * @param unreadable what happens with images that cannot be read
 * @param notices receives warnings
 */
record OpenedExamples(
    String dataset,
    String place,
    List<String> classes,
    Unreadable unreadable,
    Consumer<String> notices) {

  /**
   * Reads and checks them.
   *
   * @throws InputException naming what is wrong and the fix
   */
  ClusterExamples of(JavaRDD<Example> read) {
    JavaRDD<Example> examples = read.persist(StorageLevel.DISK_ONLY());
    try {
      Inspection found = examples.mapPartitions(Inspection::of).treeReduce(Inspection::plus);
      if (found.refusal() != null) {
        throw new InputException(found.refusal());
      }
      checkUnreadable(found);
      checkShape(found);
      checkCounts(found);
      DataSchema schema = DataSchema.of(found.shape(), classes, place);
      return new ClusterExamples(examples, schema, fingerprint(found, schema));
    } catch (InputException e) {
      examples.unpersist(false);
      throw e;
    }
  }

  private void checkUnreadable(Inspection found) {
    if (found.unreadable() == 0) {
      return;
    }
    long all = found.unreadable() + found.size(Subset.TRAIN) + found.size(Subset.TEST);
    Map.Entry<String, String> first = found.faults().firstEntry();
    if (unreadable == Unreadable.FAIL) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%,d of %,d images cannot be read, the first is: %s. Mend or remove them, or add"
                  + " --unreadable skip",
              found.unreadable(),
              all,
              first.getValue()));
    }
    notices.accept(
        String.format(
            Locale.ROOT,
            "warning: %,d of %,d images cannot be read and are left out: %s%s",
            found.unreadable(),
            all,
            String.join(", ", found.faults().keySet()),
            found.unreadable() > found.faults().size() ? ", ..." : ""));
  }

  private void checkShape(Inspection found) {
    if (found.shape() == null) {
      throw new InputException("--data " + Places.shown(place) + " has no images: check it");
    }
    if (found.shapes().size() > 1) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the images are not of one size: %s, but %s (channels x rows x columns): add"
                  + " --image-size 64, and --image-channels 3 for raw images",
              found.shapes().get(0),
              found.shapes().get(1)));
    }
  }

  private void checkCounts(Inspection found) {
    for (int label = 0; label < classes.size(); label++) {
      if (found.count(Subset.TRAIN, label) == 0) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "class %s has no training images: add some, or remove the class",
                Places.shown(classes.get(label))));
      }
    }
    if (found.size(Subset.TEST) == 0) {
      throw new InputException(
          "--data "
              + Places.shown(place)
              + " has no test images: add --test-fraction 0.1, or raise it");
    }
    if (found.size(Subset.TRAIN) + found.size(Subset.TEST) > Integer.MAX_VALUE) {
      throw new InputException(
          "--data " + Places.shown(place) + " has more than 2,147,483,647 examples: use a part");
    }
  }

  private DataFingerprint fingerprint(Inspection found, DataSchema schema) {
    StringBuilder text = new StringBuilder("examples 1\n").append(schema.image()).append('\n');
    schema.classes().forEach(name -> text.append(name.length()).append(' ').append(name));
    for (Subset subset : Subset.values()) {
      text.append('\n').append(found.size(subset)).append(' ').append(found.sum(subset));
    }
    return new DataFingerprint(
        dataset,
        Places.shown(place),
        Digests.sha256(text.toString()),
        (int) found.size(Subset.TRAIN),
        (int) found.size(Subset.TEST));
  }
}
