using Chard.Functions.Imports.Rules;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Imports.Activities;

/// <summary>
/// Cuts a file into chunk blobs and finds what its rows are like. Memory is constant. Run twice it writes the same blobs again.
/// </summary>
public sealed class SplitCsv(ImportBlobs blobs)
{
    [Function(nameof(SplitCsv))]
    public async Task<SplitFile> RunAsync([ActivityTrigger] ImportStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(step.Args.Source);
        var (layout, eTag) = await blobs.ReadAsync<InspectedLayout>(step.Id, "layout.json", cancellationToken);
        using var source = await blobs.OpenSourceAsync(step.Args.Source, eTag, cancellationToken);
        await using var utf8 = SourceEncodings.OpenUtf8(source.Content, layout.Encoding);
        var splitter = new CsvSplitter(layout, step.Args.Columns is null, step.Args.MaxErrors ?? ImportLimits.DefaultMaxErrors);
        var outcome = await splitter.RunAsync(utf8, (chunk, token) => blobs.WriteChunkAsync(step.Id, chunk, token), cancellationToken);
        await blobs.WriteAsync(step.Id, "rows.json", outcome.Rows, cancellationToken);
        if (outcome.Rejected > 0)
        {
            await blobs.WriteErrorsAsync(step.Id, "split", outcome.Errors, cancellationToken);
        }

        return new SplitFile(outcome.Chunks, outcome.Records, outcome.Rejected);
    }
}
