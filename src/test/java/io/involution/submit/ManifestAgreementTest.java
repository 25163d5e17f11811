package io.involution.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What the files of conf/k8s say of one thing is the same in all of them. */
class ManifestAgreementTest {
  private static final String EXECUTOR_ACCOUNT =
      "spark.kubernetes.authenticate.executor.serviceAccountName";

  private static final String RUN = "spark-application.yaml";
  private static final String NIGHTLY = "scheduled-spark-application.yaml";

  @Test
  void theScheduleDiffersFromTheRunInNothingElse() throws IOException {
    ObjectNode run = (ObjectNode) Manifests.only(RUN).at("/spec");
    ObjectNode nightly = (ObjectNode) Manifests.only(NIGHTLY).at("/spec/template");
    run.remove("arguments");
    nightly.remove("arguments");
    ((ObjectNode) nightly.path("driver")).remove("env");
    assertThat(nightly).isEqualTo(run);
  }

  @Test
  void podsAreAsRestrictedUnderTheOperatorAsUnderSubmit() throws IOException {
    JsonNode namespace = Manifests.documents("namespace.yaml").get(0);
    assertThat(namespace.at("/metadata/labels").path("pod-security.kubernetes.io/enforce").asText())
        .isEqualTo("restricted");
    for (String role : List.of("driver", "executor")) {
      JsonNode template = Manifests.documents(role + "-pod.yaml").get(0);
      JsonNode operators = Manifests.only(RUN).at("/spec/" + role);
      assertThat(operators.path("podSecurityContext"))
          .isEqualTo(template.at("/spec/securityContext"));
      assertThat(operators.path("securityContext"))
          .isEqualTo(template.at("/spec/containers/0/securityContext"));
      assertThat(Manifests.texts(operators.path("volumeMounts"), "mountPath"))
          .containsAll(
              Manifests.texts(template.at("/spec/containers/0/volumeMounts"), "mountPath"));
    }
  }

  @Test
  void namesFitTogether() throws IOException {
    Properties submit = settings();
    assertThat(submit.getProperty("spark.kubernetes.authenticate.driver.serviceAccountName"))
        .isEqualTo("involution-driver")
        .isEqualTo(Manifests.only(RUN).at("/spec/driver/serviceAccount").asText());
    assertThat(Manifests.objects("rbac.yaml"))
        .extracting(object -> object.getMetadata().getName())
        .containsExactlyInAnyOrder(
            "involution-driver",
            "involution-driver",
            "involution-driver",
            "involution-executor",
            "involution-submitter");
    JsonNode executors =
        Manifests.documents("rbac.yaml").stream()
            .filter(each -> each.at("/metadata/name").asText().equals("involution-executor"))
            .findFirst()
            .orElseThrow();
    assertThat(executors.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(Manifests.only(RUN).at("/spec/sparkConf").path(EXECUTOR_ACCOUNT).asText())
        .isEqualTo(submit.getProperty(EXECUTOR_ACCOUNT))
        .isEqualTo("involution-executor");
    assertThat(Manifests.objects("namespace.yaml").get(0).getMetadata().getName())
        .isEqualTo(submit.getProperty("spark.kubernetes.namespace"))
        .isEqualTo(Manifests.only(RUN).at("/metadata/namespace").asText());
    assertThat(Manifests.objects("volumes.yaml").get(0).getMetadata().getName())
        .isEqualTo(
            Manifests.only(RUN).at("/spec/volumes/0/persistentVolumeClaim/claimName").asText());
  }

  @Test
  void theOperatorSetsSparkAsSubmitDoes() throws IOException {
    Properties submit = settings();
    JsonNode spec = Manifests.only(RUN).at("/spec");
    for (Map.Entry<String, JsonNode> setting : spec.path("sparkConf").properties()) {
      String ours = submit.getProperty(setting.getKey());
      if (setting.getKey().endsWith("defaultJavaOptions")) {
        assertThat(setting.getValue().asText())
            .startsWith(ours + " -Dorg.bytedeco.javacpp.maxphysicalbytes=2432m");
      } else if (!setting.getKey().contains(".resource.gpu.")) {
        assertThat(setting.getValue().asText()).as(setting.getKey()).isEqualTo(ours);
      }
    }
    for (String role : List.of("driver", "executor")) {
      assertThat(spec.at("/" + role + "/memory").asText())
          .isEqualTo(submit.getProperty("spark." + role + ".memory"));
      // Heap and overhead are the limit of the process.
      assertThat(spec.at("/" + role + "/memoryOverhead").asText()).isEqualTo("1408m");
    }
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<spark.version>" + spec.path("sparkVersion").asText() + "</spark.version>");
  }

  private static Properties settings() throws IOException {
    Properties settings = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of("conf", "spark-k8s.conf"))) {
      settings.load(file);
    }
    return settings;
  }
}
