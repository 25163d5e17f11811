/** A round on executors: shards, tasks, and the trainers that stay there. */
package io.involution.spark.round;
