/**
 * Trains and serves regularised feed-forward networks inside JVM services.
 *
 * <p>The engine needs nothing but the JDK. The Vector API is optional: without it the scalar
 * kernels compute the same bits, slower.
 */
module dev.lanewise {
  requires static de.siegmar.fastcsv;
  requires static jdk.httpserver;
  requires static jdk.incubator.vector;
  requires static jdk.jfr;
  requires static jdk.management;
  requires static transitive java.sql;

  exports dev.lanewise.tensor;
  exports dev.lanewise.engine;
  exports dev.lanewise.net;
  exports dev.lanewise.data;
  exports dev.lanewise.check;
  exports dev.lanewise.reference;
  exports dev.lanewise.optim;
  exports dev.lanewise.train;
  exports dev.lanewise.model;
  exports dev.lanewise.onnx;
  exports dev.lanewise.metric;
  exports dev.lanewise.learn;
  exports dev.lanewise.search;
}
