using System.ComponentModel;
using Chard.Domain.Tasks;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports.Tasks;

/// <summary>
/// Cuts a file into chunks and finds what its rows are like. Memory is constant. Run twice it writes the same chunks again.
/// </summary>
[Description("Cuts an inspected CSV file into chunks and finds what its rows are like.")]
[TaskPolicy(TimeLimitSeconds = 24 * 3600)]
public sealed class SplitCsv(ImportSources sources) : ITask<InspectedFile, SplitFile>
{
    /// <inheritdoc/>
    public async Task<SplitFile> RunAsync(InspectedFile args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        var parts = ImportParts.Of(context, args.ETag);
        using var source = await sources.OpenAsync(args.Args.Source, args.ETag, cancellationToken);
        await using var utf8 = SourceEncodings.OpenUtf8(source.Content, args.Layout.Encoding);
        var splitter = new CsvSplitter(args.Layout, args.Args.Columns is null, args.Args.MaxErrors ?? ImportLimits.DefaultMaxErrors);
        var outcome = await splitter.RunAsync(utf8, parts.WriteChunkAsync, cancellationToken);
        if (outcome.Rejected > 0)
        {
            await parts.WriteSplitErrorsAsync(outcome.Errors, cancellationToken);
        }

        return new SplitFile(args, outcome.Rows, outcome.Chunks, outcome.Records, outcome.Rejected);
    }
}
