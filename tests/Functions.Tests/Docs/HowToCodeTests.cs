using System.Net;
using System.Text;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.Docs.BulkImport;
using Chard.Functions.Tests.Docs.FanOut100000;
using Chard.Functions.Tests.Docs.IdempotentApiCall;
using Chard.Functions.Tests.Docs.LongTask;
using Chard.Functions.Tests.Docs.OwnWorkflow;
using Chard.Functions.Tests.Docs.RateLimitedApi;
using Chard.Functions.Tests.InMemory;
using Chard.Status;
using Microsoft.DurableTask;
using Moq;

namespace Chard.Functions.Tests.Docs;

/// <summary>The code of docs/how-to does what its page says of it.</summary>
public sealed class HowToCodeTests
{
    private readonly InMemoryPayloadStore _payloads = new();
    private readonly List<TaskProgress> _progress = [];

    [Fact]
    public async Task Products_OfAFile_GoInByChunksAndWrongLinesAreTold()
    {
        PayloadReference file = await _payloads.WriteAsync("w", "file", async (stream, token) =>
        {
            await using var writer = new StreamWriter(stream, leaveOpen: true);
            for (int i = 0; i < 5_002; i++)
            {
                await writer.WriteLineAsync($$"""{"sku":"{{i}}","name":"n","price":1.5}""".AsMemory(), token);
            }

            await writer.WriteLineAsync("""{"sku":"no price","name":"n"}""".AsMemory(), token);
            await writer.WriteLineAsync("null".AsMemory(), token);
        }, default);
        var table = new ProductTable();

        Assert.Equal(2, await new SplitProducts().RunAsync(file, Context(), default));
        var import = new ImportProducts(table);

        Assert.Equal(new ProductCounts(5_000, 0), await import.RunAsync(0, Context(), default));
        Assert.Equal(new ProductCounts(2, 2), await import.RunAsync(1, Context(), default));
        Assert.Equal(new ProductCounts(2, 2), await import.RunAsync(1, Context(), default));
        Assert.Equal(5_002, table.Skus.Count);
        PayloadReference? told = await _payloads.FindAsync("w", "rejected/1", default);
        using var text = new StreamReader(await _payloads.OpenReadAsync(told!, default));
        Assert.Contains("no price", await text.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Film_WhoseRunDied_IsRenderedFromItsCheckpointOn()
    {
        var renderer = new Mock<IRenderer>();
        renderer.Setup(r => r.RenderAsync("f", 2, It.IsAny<CancellationToken>())).ThrowsAsync(new IOException("The machine goes away."));
        await Assert.ThrowsAsync<IOException>(() => new RenderFilm(renderer.Object).RunAsync(new("f", 4), Context(), default));
        renderer.Reset();

        Assert.Equal(4, await new RenderFilm(renderer.Object).RunAsync(new("f", 4), Context(), default));

        Assert.Equal([2, 3], renderer.Invocations.Select(i => (int)i.Arguments[1]!));
        Assert.Equal([0, 1, 2, 2, 3], _progress.Select(p => p.Done));
    }

    [Fact]
    public async Task Parcel_IsAskedForByOneKeyAndEachAnswerIsTakenForWhatItIs()
    {
        var carrier = new Carrier();
        using var client = new HttpClient(carrier) { BaseAddress = new Uri("https://api.carrier.example/") };
        var task = new BookParcel(client);
        carrier.Answers.Enqueue((HttpStatusCode.Conflict, ""));
        carrier.Answers.Enqueue((HttpStatusCode.OK, "<html>"));
        carrier.Answers.Enqueue((HttpStatusCode.BadRequest, ""));
        carrier.Answers.Enqueue((HttpStatusCode.OK, """{"number":"p-1"}"""));
        carrier.Answers.Enqueue((HttpStatusCode.NotFound, ""));
        carrier.Answers.Enqueue((HttpStatusCode.OK, """{"number":"p-1"}"""));
        var order = new ParcelOrder("7", 200);

        Assert.Equal("still-booking", (await Assert.ThrowsAsync<TransientTaskException>(Run)).Code);
        Assert.Equal("bad-answer", (await Assert.ThrowsAsync<TransientTaskException>(Run)).Code);
        Assert.Equal("http-400", (await Assert.ThrowsAsync<PermanentTaskException>(Run)).Code);
        Assert.Equal(new Parcel("p-1"), await Run());
        Assert.Equal(default, await task.DidItLandAsync(order, Context(), default));
        Assert.Equal(new(true, new("p-1")), await task.DidItLandAsync(order, Context(), default));
        Assert.Equal(
            [.. Enumerable.Repeat("POST /parcels parcel-7", 4), .. Enumerable.Repeat("GET /parcels/by-key/parcel-7 ", 2)],
            carrier.Requests);

        Task<Parcel> Run() => task.RunAsync(order, Context(), default);
    }

    [Fact]
    public async Task Price_ThatTheShopPutsOff_SaysWhenToComeBack()
    {
        var shop = new Carrier();
        using var client = new HttpClient(shop) { BaseAddress = new Uri("https://shop.example/") };
        shop.Answers.Enqueue((HttpStatusCode.OK, """{"retryInSeconds":12}"""));
        shop.Answers.Enqueue((HttpStatusCode.OK, "{}"));

        RateLimitedTaskException asked = await Assert.ThrowsAsync<RateLimitedTaskException>(
            () => new PutPrice(client).RunAsync(new("s", 1), Context(), default));

        Assert.Equal(TimeSpan.FromSeconds(12), asked.RetryAfter);
        Assert.True(await new PutPrice(client).RunAsync(new("s", 1), Context(), default));
    }

    [Fact]
    public async Task Scores_OfWhichOneIsMissing_HaveAMean()
    {
        double mean = await new MeanScore().RunAsync(ScoresAsync(), Context(), default);

        Assert.Equal(0.75, mean);

        static async IAsyncEnumerable<double?> ScoresAsync()
        {
            await Task.CompletedTask;
            yield return 1;
            yield return null;
            yield return 0.5;
        }
    }

    [Theory]
    [InlineData("", "ReserveStock ReserveStock ConfirmStock TakePayment ChooseCarrier BookParcel")]
    [InlineData("ReserveStock", "ReserveStock ReserveStock ReleaseStock")]
    [InlineData("TakePayment", "ReserveStock ReserveStock ConfirmStock TakePayment RefundOrder ReleaseStock")]
    [InlineData(
        "BookParcel", "ReserveStock ReserveStock ConfirmStock TakePayment ChooseCarrier BookParcel RefundOrder ReleaseStock")]
    public async Task Order_OfWhichAStepFails_IsUndoneInReverse(string fails, string calls)
    {
        var context = new Mock<TaskOrchestrationContext>(MockBehavior.Strict);
        var called = new List<TaskCall>();
        var letters = new List<DeadLetter>();
        context.Setup(c => c.InstanceId).Returns("w1");
        context.Setup(c => c.Name).Returns(new TaskName("PlaceOrder"));
        context.Setup(c => c.CurrentUtcDateTime).Returns(new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        context.Setup(c => c.GetInput<WorkflowHeader>()).Returns(new WorkflowHeader("w1"));
        context.Setup(c => c.CallActivityAsync<WorkflowBeginning>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .ReturnsAsync(new WorkflowBeginning(Proceed: true));
        context.Setup(c => c.CallActivityAsync(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Callback((TaskName _, object? input, TaskOptions? _) => letters.AddRange(new[] { input }.OfType<DeadLetter>()))
            .Returns(Task.CompletedTask);
        context.Setup(c => c.CallActivityAsync<TaskOutcome>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName task, object? input, TaskOptions? _) =>
            {
                called.Add((TaskCall)input!);
                return task.Name == fails
                    ? throw new TaskFailedException(task.Name, 0, new TaskFailureDetails(
                        typeof(PermanentTaskException).FullName!, "no: It fails.", null, null, null))
                    : Task.FromResult(TaskOutcome.Succeeded(TaskValue.Of(TaskJson.ToElement(
                        task.Name is "ChooseCarrier" or "BookParcel" ? "p-1" : 1))));
            });
        Task<PlacedOrder?> placing = PlaceOrderOrchestrator.PlaceOrder(context.Object, new("w1", new("7", ["a", "b"], "tok")));

        if (fails.Length == 0)
        {
            Assert.Equal(new PlacedOrder("7", "p-1"), await placing);
        }
        else
        {
            Assert.Equal(fails, (await Assert.ThrowsAsync<TaskExhaustedException>(() => placing)).Task);
            Assert.Contains(letters, letter => letter.Task == fails);
        }

        Assert.Equal(calls, string.Join(' ', called.Select(c => c.Task)));
        Assert.All(called.Where(c => c.Task == "TakePayment"), c => Assert.Equal("pay-7", c.IdempotencyKey));
    }

    private TaskContext Context() => new()
    {
        WorkflowId = "w",
        Path = "0",
        Task = "T",
        Attempt = 1,
        IdempotencyKey = "w:0",
        Payloads = _payloads,
        Time = TimeProvider.System,
        ReportProgress = _progress.Add,
    };

    private sealed class ProductTable : IProductTable
    {
        public HashSet<string> Skus { get; } = [];

        public Task UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
        {
            Skus.UnionWith(products.Select(p => p.Sku));
            return Task.CompletedTask;
        }
    }

    private sealed class Carrier : HttpMessageHandler
    {
        public Queue<(HttpStatusCode Status, string Body)> Answers { get; } = new();

        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string key = request.Headers.TryGetValues("Idempotency-Key", out IEnumerable<string>? keys) ? keys.Single() : "";
            Requests.Add($"{request.Method} {request.RequestUri!.AbsolutePath} {key}");
            (HttpStatusCode status, string body) = Answers.Dequeue();
            return Task.FromResult(new HttpResponseMessage(status)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"), RequestMessage = request,
            });
        }
    }
}
