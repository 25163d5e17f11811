package io.involution.model.network;

import io.involution.layers.CountingCrossEntropy;
import io.involution.model.RunSchedule;
import java.io.IOException;
import java.util.Set;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What stands in for parts of a user's network while it is trained: {@link CountingCrossEntropy}
 * for DL4J's losses, and {@link RunSchedule} for its schedules. Both compute what the originals
 * compute. Networks of this job have neither.
 *
 * @param stepsPerEpoch local steps of an epoch
 */
record StandIns(int stepsPerEpoch) {
  private static final String TYPE = "@class";
  private static final Set<String> LOSSES =
      Set.of(LossMCXENT.class.getName(), LossNegativeLogLikelihood.class.getName());
  private static final String SCHEDULES = "org.nd4j.linalg.schedule.";

  /** A configuration with the stand-ins; itself if it needs none. */
  String in(String json) {
    if (!json.contains(SCHEDULES) && LOSSES.stream().noneMatch(json::contains)) {
      return json;
    }
    try {
      return replaced(new ObjectMapper().readTree(json)).toString();
    } catch (IOException e) {
      throw new IllegalStateException("DL4J has written what is not JSON", e);
    }
  }

  private JsonNode replaced(JsonNode node) {
    if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        list.set(i, replaced(list.get(i)));
      }
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    String type = object.path(TYPE).asText();
    if (LOSSES.contains(type)) {
      ObjectNode counting = object.objectNode().put(TYPE, CountingCrossEntropy.class.getName());
      return counting.set("original", object);
    }
    if (type.startsWith(SCHEDULES)) {
      ObjectNode counted = object.objectNode().put(TYPE, RunSchedule.class.getName());
      return counted.put("stepsPerEpoch", stepsPerEpoch).set("schedule", object);
    }
    object.fields().forEachRemaining(field -> field.setValue(replaced(field.getValue())));
    return object;
  }
}
