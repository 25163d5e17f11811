package io.involution.spark.dl4j;

import io.involution.compute.NativeThreads;
import io.involution.data.Shard;
import io.involution.model.Minibatch;
import io.involution.model.Normalization;
import io.involution.train.time.Round;
import io.involution.train.time.Seeds;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.Function2;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Cuts a worker's shard into the same minibatches that our own trainer uses, as DL4J's data sets.
 *
 * @param stepsPerEpoch number of minibatches
 * @param seed the run's seed
 * @param epoch from 1
 * @param normalization what is done to the pixels
 */
record MinibatchTask(int stepsPerEpoch, long seed, int epoch, Normalization normalization)
    implements Function2<Integer, Iterator<Shard>, Iterator<DataSet>> {

  @Override
  public Iterator<DataSet> call(Integer worker, Iterator<Shard> shards) {
    NativeThreads.useOne();
    Shard shard = shards.next();
    int[] order = Seeds.permutation(shard.size(), seed, epoch, worker);
    Round whole = new Round(epoch, 1, 0, stepsPerEpoch, stepsPerEpoch);
    return IntStream.range(0, stepsPerEpoch)
        .mapToObj(
            step ->
                minibatch(
                    shard,
                    order,
                    whole.from(step, shard.size()),
                    whole.from(step + 1, shard.size())))
        .iterator();
  }

  private DataSet minibatch(Shard shard, int[] order, int from, int to) {
    Minibatch minibatch = new Minibatch(normalization);
    minibatch.load(shard, order, from, to);
    return new DataSet(minibatch.images(), minibatch.labels());
  }
}
