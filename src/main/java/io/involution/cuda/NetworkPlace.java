package io.involution.cuda;

import io.involution.config.Precision;
import io.involution.cuda.driver.CudaDevice;
import io.involution.cuda.layer.RoundOnDevice;
import io.involution.cuda.update.UpdateRule;
import io.involution.cuda.update.VectorsOnDevice;
import io.involution.model.Normalization;
import io.involution.model.state.ParameterLayout;

/**
 * What an engine's networks have in common, whatever the size of their minibatches.
 *
 * @param device where they compute
 * @param graph their layers
 * @param layout where the layers' parameters are
 * @param normalization what is done to the pixels
 * @param rule how they are trained
 * @param round what the steps read
 * @param vectors what the steps change
 * @param precision with what numbers they may multiply
 */
record NetworkPlace(
    CudaDevice device,
    NetworkGraph graph,
    ParameterLayout layout,
    Normalization normalization,
    UpdateRule rule,
    RoundOnDevice round,
    VectorsOnDevice vectors,
    Precision precision) {}
