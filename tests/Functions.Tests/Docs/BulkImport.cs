using System.ComponentModel;
using System.Text.Json;
using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Docs.BulkImport;

// The C# of docs/how-to/bulk-import.md, word by word.
public sealed record Product(string Sku, string Name, decimal Price);

public sealed record ProductCounts(int Imported, int Rejected);

public sealed record ProductFile(string Url);

internal static class ProductLine
{
    public static (Product? Product, string? Fault) Read(string line)
    {
        try
        {
            Product? product = JsonSerializer.Deserialize<Product>(line, TaskJson.Options);
            return (product, product is null ? "null is no product." : null);
        }
        catch (JsonException e)
        {
            return (null, $"{e.Message} {line}");
        }
    }
}

public interface IProductTable
{
    Task UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken);
}

[Description("Cuts a file of products, one JSON object a line, into chunks, and gives their number.")]
[TaskPolicy(TimeLimitSeconds = 3600, Route = TaskRoute.Slow)]
public sealed class SplitProducts : ITask<PayloadReference, int>
{
    public async Task<int> RunAsync(PayloadReference args, TaskContext context, CancellationToken cancellationToken)
    {
        using var file = new StreamReader(await context.Payloads.OpenReadAsync(args, cancellationToken));
        int chunks = 0;
        await foreach (string[] lines in LinesOf(file).Chunk(5_000).WithCancellation(cancellationToken))
        {
            await context.Payloads.WriteAsync(
                context.WorkflowId, $"chunks/{chunks++}",
                (stream, token) => JsonSerializer.SerializeAsync(stream, lines, cancellationToken: token), cancellationToken);
            context.ReportProgress(new(chunks));
        }

        return chunks;
    }

    private static async IAsyncEnumerable<string> LinesOf(StreamReader file)
    {
        while (await file.ReadLineAsync() is { } line)
        {
            yield return line;
        }
    }
}

[Description("Puts the products of a chunk into the table, and lists the lines that are none.")]
[TaskPolicy(FirstDelaySeconds = 10, Limit = "database", OnExhausted = OnExhausted.Park)]
public sealed class ImportProducts(IProductTable table) : ITask<int, ProductCounts>
{
    public async Task<ProductCounts> RunAsync(int args, TaskContext context, CancellationToken cancellationToken)
    {
        PayloadReference chunk = await context.Payloads.FindAsync(context.WorkflowId, $"chunks/{args}", cancellationToken)
            ?? throw new PermanentTaskException("chunk-missing", $"There is no chunk {args}.");
        await using Stream stream = await context.Payloads.OpenReadAsync(chunk, cancellationToken);
        string[] lines = await JsonSerializer.DeserializeAsync<string[]>(stream, cancellationToken: cancellationToken) ?? [];
        (Product? Product, string? Fault)[] read = [.. lines.Select(ProductLine.Read)];
        await table.UpsertAsync([.. read.Select(r => r.Product).OfType<Product>()], cancellationToken);
        string[] rejected = [.. read.Select(r => r.Fault).OfType<string>()];
        await context.Payloads.WriteAsync(
            context.WorkflowId, $"rejected/{args}",
            (stream, token) => JsonSerializer.SerializeAsync(stream, rejected, cancellationToken: token), cancellationToken);
        return new(lines.Length - rejected.Length, rejected.Length);
    }
}

public static class ImportProductsOrchestrator
{
    [Function(nameof(ImportProductFile))]
    public static Task<ProductCounts?> ImportProductFile(
        [OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<ProductFile> input) =>
        context.TrackAsync(async () =>
        {
            int chunks = await context.ChainAsync<int>(input.Args, "DownloadFile", nameof(SplitProducts));
            IReadOnlyList<ProductCounts?> counts = await context.MapAsync<ProductCounts>(
                nameof(ImportProducts), Enumerable.Range(0, chunks),
                new GroupOptions(MaxInFlight: 8, Report: context.ReportProgressAsync));
            return new ProductCounts(counts.Sum(c => c?.Imported ?? 0), counts.Sum(c => c?.Rejected ?? 0));
        });
}

internal static class Setup
{
    public static void Add(ChardBuilder chard)
    {
        chard.AddWorkflow<ProductFile>(
            nameof(ImportProductsOrchestrator.ImportProductFile), ["DownloadFile", nameof(SplitProducts), nameof(ImportProducts)]);
    }
}
