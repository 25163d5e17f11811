package io.involution.submit;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files of conf/k8s, read into Kubernetes' own model; a field that it lacks is an error. */
final class Manifests {
  private static final Path FOLDER = Path.of("conf", "k8s");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "Namespace", Namespace.class,
          "NetworkPolicy", NetworkPolicy.class,
          "PersistentVolumeClaim", PersistentVolumeClaim.class,
          "Pod", Pod.class,
          "Role", Role.class,
          "RoleBinding", RoleBinding.class,
          "ServiceAccount", ServiceAccount.class);

  /** The model's classes keep unknown fields in a map; without that they are refused. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              });

  private Manifests() {}

  /** The documents of a file. */
  static List<JsonNode> documents(String file) throws IOException {
    return parse(FOLDER.resolve(file));
  }

  static List<JsonNode> parse(Path file) throws IOException {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
      return documents.readAll();
    }
  }

  /** The only document of a file. */
  static JsonNode only(String file) throws IOException {
    List<JsonNode> documents = documents(file);
    if (documents.size() != 1) {
      throw new IllegalStateException(file + " has " + documents.size() + " documents");
    }
    return documents.get(0);
  }

  /** A list of texts, or one field of each object in a list, where a field is named. */
  static List<String> texts(JsonNode list, String... field) {
    List<String> texts = new ArrayList<>();
    list.forEach(value -> texts.add((field.length == 0 ? value : value.path(field[0])).asText()));
    return texts;
  }

  /** The objects of a file. */
  static List<HasMetadata> objects(String file) throws IOException {
    List<HasMetadata> objects = new ArrayList<>();
    for (JsonNode document : documents(file)) {
      objects.add(strict(document, KINDS.get(document.path("kind").asText())));
    }
    return objects;
  }

  /** A document as one of the model's classes. */
  static <T> T strict(JsonNode document, Class<T> type) throws IOException {
    return STRICT.treeToValue(document, type);
  }
}
