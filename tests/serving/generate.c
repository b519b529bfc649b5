/* Draws with an exported bundle by TensorFlow's C API, without Python:

   generate FOLDER STYLE CONTENT SEED IMAGES STYLE_SIZE CONTENT_SIZE BATCH < codes > images

   The first four after FOLDER name operations of the signature `generate`. Codes are float32 styles,
   float32 contents and int64 seeds, one after another; images are float32. */
#include <stdio.h>
#include <stdlib.h>
#include <tensorflow/c/c_api.h>

static void check(TF_Status *status, const char *doing) {
  if (TF_GetCode(status) != TF_OK) {
    fprintf(stderr, "%s: %s\n", doing, TF_Message(status));
    exit(1);
  }
}

/* An operation by its name, such as `generate_style` or, for its second output, `Call:1`. */
static TF_Output output(TF_Graph *graph, char *name) {
  char *colon = name;
  while (*colon && *colon != ':') ++colon;
  int index = *colon ? atoi(colon + 1) : 0;
  *colon = 0;
  TF_Output found = {TF_GraphOperationByName(graph, name), index};
  if (!found.oper) {
    fprintf(stderr, "the graph has no operation %s\n", name);
    exit(1);
  }
  return found;
}

static TF_Tensor *read_tensor(TF_DataType type, int64_t batch, int64_t size) {
  int64_t shape[] = {batch, size};
  int axes = size ? 2 : 1;
  size_t bytes = batch * (size ? size : 1) * TF_DataTypeSize(type);
  TF_Tensor *tensor = TF_AllocateTensor(type, shape, axes, bytes);
  if (fread(TF_TensorData(tensor), 1, bytes, stdin) != bytes) exit(2);
  return tensor;
}

int main(int count, char **words) {
  if (count != 9) return 2;
  TF_Status *status = TF_NewStatus();
  TF_Graph *graph = TF_NewGraph();
  TF_SessionOptions *options = TF_NewSessionOptions();
  const char *tags[] = {"serve"};
  TF_Session *session = TF_LoadSessionFromSavedModel(options, NULL, words[1], tags, 1, graph,
                                                     NULL, status);
  check(status, "loading");

  int64_t batch = atoi(words[8]);
  TF_Output inputs[] = {output(graph, words[2]), output(graph, words[3]), output(graph, words[4])};
  TF_Tensor *values[] = {read_tensor(TF_FLOAT, batch, atoi(words[6])),
                         read_tensor(TF_FLOAT, batch, atoi(words[7])),
                         read_tensor(TF_INT64, batch, 0)};
  TF_Output images = output(graph, words[5]);
  TF_Tensor *answer = NULL;
  TF_SessionRun(session, NULL, inputs, values, 3, &images, &answer, 1, NULL, 0, NULL, status);
  check(status, "running");
  fwrite(TF_TensorData(answer), 1, TF_TensorByteSize(answer), stdout);

  for (int i = 0; i < 3; ++i) TF_DeleteTensor(values[i]);
  TF_DeleteTensor(answer);
  TF_CloseSession(session, status);
  TF_DeleteSession(session, status);
  TF_DeleteSessionOptions(options);
  TF_DeleteGraph(graph);
  TF_DeleteStatus(status);
  return 0;
}
