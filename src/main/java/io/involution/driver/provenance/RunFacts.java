package io.involution.driver.provenance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.involution.data.DataFingerprint;
import io.involution.spark.ClusterSession.ClusterRecord;
import io.involution.spark.device.WorkerDevice;
import java.util.List;
import java.util.Map;

/**
 * What run.json says about the run that is no result.
 *
 * @param command {@code train} or {@code evaluate}
 * @param dataset the data's name, as in {@code data}
 * @param data the data
 * @param options every option by name, defaults included, without credentials
 * @param workers number of workers
 * @param batchSizePerWorker training examples of a worker's minibatch; only of a training
 * @param devices what each worker computed on when the run, or its last attempt, started
 * @param cluster the cluster
 * @param machine the driver's machine
 */
public record RunFacts(
    String command,
    String dataset,
    DataFingerprint data,
    Map<String, Object> options,
    int workers,
    @JsonInclude(JsonInclude.Include.NON_NULL) Integer batchSizePerWorker,
    List<WorkerDevice> devices,
    ClusterRecord cluster,
    Machine machine) {}
