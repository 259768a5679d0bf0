/**
 * The queues of a pipeline on Kafka topics, so that a pipeline that was built for one process runs on many.
 *
 * <p>{@link dev.thrum.pipeline.kafka.KafkaQueues} is the entrance. The only package that knows Kafka's clients.
 */
@NullMarked
package dev.thrum.pipeline.kafka;

import org.jspecify.annotations.NullMarked;
