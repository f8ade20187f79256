package dev.lanewise.model;

import dev.lanewise.data.Encoder;
import dev.lanewise.engine.Engine;
import dev.lanewise.event.Events;
import dev.lanewise.json.Json;
import dev.lanewise.json.JsonReader;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Models and ensembles as safetensors files. An ensemble's file holds its models one behind
 * another: the names of tensors and texts of the first begin with {@code model1.}, and so on; an
 * encoder that all have in common stands there once.
 */
final class ModelFile {

  /** The key that marks checkpoints. */
  private static final String KIND_KEY = "lanewise.kind";

  private static final String FORMAT_KEY = "lanewise";
  private static final String FORMAT = "1";
  private static final String MODELS_KEY = "models";
  private static final String WEIGHTS_KEY = "weights";
  private static final String NETWORK_KEY = "network";
  private static final String ENCODER_KEY = "encoder";
  private static final String OUTPUTS_KEY = "outputs";
  private static final String CONFORMAL_KEY = "conformal";
  private static final String PROVENANCE_KEY = "provenance";

  private ModelFile() {}

  /** {@return the file of a model} */
  static SafetensorsFile of(Model model) {
    SafetensorsFile.Builder file = SafetensorsFile.builder();
    putParameters(file, "", model);
    file.metadata(FORMAT_KEY, FORMAT);
    putTexts(file, "", model);
    model.encoder().ifPresent(e -> file.metadata(ENCODER_KEY, EncoderJson.write(e).toString()));
    putOutputs(file, "", model.asOutputs());
    putProvenance(file, "", model.provenance());
    return file.build();
  }

  /** {@return the file of an ensemble} */
  static SafetensorsFile of(Ensemble ensemble) {
    List<Model> models = ensemble.models();
    SafetensorsFile.Builder file = SafetensorsFile.builder();
    for (int i = 0; i < models.size(); i++) {
      putParameters(file, prefix(i), models.get(i));
    }
    file.metadata(FORMAT_KEY, FORMAT).metadata(MODELS_KEY, Integer.toString(models.size()));
    if (!ensemble.weighsAllAlike()) {
      Json.Arr weights =
          new Json.Arr(Arrays.stream(ensemble.weights()).mapToObj(Json::of).toList());
      file.metadata(WEIGHTS_KEY, weights.toString());
    }
    Optional<Encoder> common = models.getFirst().encoder();
    boolean once = models.stream().allMatch(model -> model.encoder().equals(common));
    if (once) {
      common.ifPresent(e -> file.metadata(ENCODER_KEY, EncoderJson.write(e).toString()));
    }
    putOutputs(file, "", ensemble.asOutputs());
    putProvenance(file, "", ensemble.provenance());
    for (int i = 0; i < models.size(); i++) {
      Model model = models.get(i);
      String key = prefix(i) + ENCODER_KEY;
      putTexts(file, prefix(i), model);
      if (!once) {
        model.encoder().ifPresent(e -> file.metadata(key, EncoderJson.write(e).toString()));
      }
      putOutputs(file, prefix(i), model.asOutputs());
      putProvenance(file, prefix(i), model.provenance());
    }
    return file.build();
  }

  private static String prefix(int index) {
    return "model" + (index + 1) + ".";
  }

  private static void putParameters(SafetensorsFile.Builder file, String prefix, Model model) {
    file.parameters(prefix, model.network().layout(), model.requireParameters());
  }

  private static void putTexts(SafetensorsFile.Builder file, String prefix, Model model) {
    file.metadata(prefix + NETWORK_KEY, NetworkJson.write(model.network()).toString());
  }

  private static void putOutputs(SafetensorsFile.Builder file, String prefix, Outputs outputs) {
    if (!outputs.arePlain()) {
      file.metadata(prefix + OUTPUTS_KEY, outputs.write().toString());
    }
    outputs
        .conformal()
        .ifPresent(fit -> file.metadata(prefix + CONFORMAL_KEY, fit.write().toString()));
  }

  private static void putProvenance(
      SafetensorsFile.Builder file, String prefix, Provenance provenance) {
    Map<String, Json> texts = new LinkedHashMap<>();
    provenance.entries().forEach((key, text) -> texts.put(key, Json.of(text)));
    file.metadata(prefix + PROVENANCE_KEY, new Json.Obj(texts).toString());
  }

  /**
   * {@return the model or the ensemble in a file}
   *
   * @throws SafetensorsException if there is none, or it is not what it should be
   */
  static TrainedModel in(SafetensorsFile file, Engine engine) throws SafetensorsException {
    checkFormat(file);
    try {
      return file.metadata().containsKey(MODELS_KEY) ? ensemble(file, engine) : one(file, engine);
    } catch (IllegalArgumentException e) {
      throw file.refused(e.getMessage());
    }
  }

  /** {@return a model that was loaded, and tells those who record} */
  static <M extends TrainedModel> M loaded(M model, String source, Events.Load event) {
    if (event.isRecorded()) {
      event.end(source, model.parametersSha256());
    }
    return model;
  }

  /**
   * {@return the model in a file}
   *
   * @throws SafetensorsException if there is none, or several, or it is not what it should be
   */
  static Model model(SafetensorsFile file, Engine engine) throws SafetensorsException {
    checkFormat(file);
    if (file.metadata().containsKey(MODELS_KEY)) {
      throw file.refused("an ensemble; expected one model: load it with TrainedModel.load");
    }
    try {
      return one(file, engine);
    } catch (IllegalArgumentException e) {
      throw file.refused(e.getMessage());
    }
  }

  private static void checkFormat(SafetensorsFile file) throws SafetensorsException {
    if ("checkpoint".equals(file.metadata().get(KIND_KEY))) {
      throw file.refused("a checkpoint; expected a model: resume it with Training.resume");
    }
    String format = file.metadata().get(FORMAT_KEY);
    if (!FORMAT.equals(format)) {
      throw file.refused(
          "metadata \"%s\" is %s; expected \"%s\", a model of this library"
              .formatted(FORMAT_KEY, format == null ? "missing" : Header.quoted(format), FORMAT));
    }
    file.requireDigest();
  }

  private static Model one(SafetensorsFile file, Engine engine) throws SafetensorsException {
    Network network = NetworkJson.read(json(file, NETWORK_KEY));
    return model(file, "", network, file.parametersOf(network), encoder(file, ""), engine);
  }

  private static Ensemble ensemble(SafetensorsFile file, Engine engine)
      throws SafetensorsException {
    int count = count(file);
    Set<String> extra = new HashSet<>(file.names());
    List<Model> models = new ArrayList<>();
    Optional<Encoder> common = encoder(file, "");
    for (int i = 0; i < count; i++) {
      String prefix = prefix(i);
      Network network = NetworkJson.read(json(file, prefix + NETWORK_KEY));
      Layout layout = network.layout();
      Optional<Encoder> own = encoder(file, prefix);
      Optional<Encoder> encoder = own.isPresent() ? own : common;
      models.add(model(file, prefix, network, file.parameters(prefix, layout), encoder, engine));
      for (Slot slot : layout.slots()) {
        extra.remove(prefix + slot.name());
      }
    }
    if (!extra.isEmpty()) {
      throw file.refused(
          "tensor %s is none of the networks'".formatted(Header.quoted(Collections.min(extra))));
    }
    Ensemble alike = Ensemble.of(models).withProvenance(provenance(file, ""));
    Ensemble ensemble =
        file.metadata().containsKey(WEIGHTS_KEY)
            ? alike.withWeights(Fields.numbers(WEIGHTS_KEY, json(file, WEIGHTS_KEY), count))
            : alike;
    return ensemble.withOutputs(outputs(file, ""));
  }

  private static int count(SafetensorsFile file) throws SafetensorsException {
    String text = file.metadata(MODELS_KEY);
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw file.refused(
          "metadata \"%s\": %s; expected a number of models"
              .formatted(MODELS_KEY, Header.quoted(text)));
    }
    return Integer.parseInt(text);
  }

  private static Model model(
      SafetensorsFile file,
      String prefix,
      Network network,
      float[] parameters,
      Optional<Encoder> encoder,
      Engine engine)
      throws SafetensorsException {
    Model plain =
        Model.holding(network, parameters, engine).withProvenance(provenance(file, prefix));
    return encoder.map(plain::withEncoder).orElse(plain).withOutputs(outputs(file, prefix));
  }

  private static Optional<Encoder> encoder(SafetensorsFile file, String prefix)
      throws SafetensorsException {
    String key = prefix + ENCODER_KEY;
    return file.metadata().containsKey(key)
        ? Optional.of(EncoderJson.read(json(file, key)))
        : Optional.empty();
  }

  private static Outputs outputs(SafetensorsFile file, String prefix) throws SafetensorsException {
    String key = prefix + OUTPUTS_KEY;
    Outputs outputs =
        file.metadata().containsKey(key) ? Outputs.read(key, json(file, key)) : Outputs.PLAIN;
    String conformal = prefix + CONFORMAL_KEY;
    return file.metadata().containsKey(conformal)
        ? outputs.withConformal(ConformalFit.read(conformal, json(file, conformal)))
        : outputs;
  }

  private static Provenance provenance(SafetensorsFile file, String prefix)
      throws SafetensorsException {
    String key = prefix + PROVENANCE_KEY;
    return new Provenance(Fields.texts(key, json(file, key)));
  }

  /** {@return a reader of the JSON under a key, which is one value; messages name the key} */
  private static JsonReader json(SafetensorsFile file, String key) throws SafetensorsException {
    JsonReader json = new JsonReader(file.metadata(key));
    JsonReader value = json.here();
    try {
      json.skip();
      json.end();
    } catch (IllegalArgumentException e) {
      throw file.refused("metadata \"%s\": %s".formatted(key, e.getMessage()));
    }
    return value;
  }
}
