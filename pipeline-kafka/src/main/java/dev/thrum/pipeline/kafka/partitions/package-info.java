/** A log in partitions on Kafka: topics, transactions and a consumer group. */
@NullMarked
package dev.thrum.pipeline.kafka.partitions;

import org.jspecify.annotations.NullMarked;
