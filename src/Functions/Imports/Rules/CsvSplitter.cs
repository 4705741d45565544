using System.Buffers;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// Cuts a CSV file into chunks of UTF-8 that end where records end, leaves out the header and the records that cannot be read, and finds on
/// the way what the rows are like. The same file and settings give the same chunks always, so a second run overwrites the first's with
/// equal bytes. Memory is constant.
/// </summary>
/// <remarks>
/// Lines keep their places within a chunk: a record that is left out leaves as many empty lines behind as it took, so line numbers
/// can be told from the chunk alone.
/// </remarks>
public sealed class CsvSplitter
{
    // The last record of a chunk reaches past its size; room for a usual one keeps the buffer from doubling.
    private const int UsualOverhang = 64 << 10;

    private readonly CsvLayout layout;
    private readonly int chunkBytes;
    private readonly int maxErrors;
    private readonly TypeInference inference;
    private readonly ArrayBufferWriter<byte>[] buffers;
    private readonly List<RowError> errors = [];
    private int chunks;
    private long records;
    private long recordsInChunk;
    private long rejected;
    private long firstLine;
    private Task storing = Task.CompletedTask;

    /// <summary>Prepares a split; an instance splits one file once.</summary>
    /// <param name="layout">How the file is written.</param>
    /// <param name="infer">Whether types are inferred.</param>
    /// <param name="maxErrors">How many errors are kept; of those there are, the first always is.</param>
    /// <param name="chunkBytes">The size at which a chunk is closed.</param>
    public CsvSplitter(CsvLayout layout, bool infer, int maxErrors, int chunkBytes = ImportLimits.ChunkBytes)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkBytes, 1);
        this.layout = layout;
        this.maxErrors = maxErrors;
        this.chunkBytes = chunkBytes;
        inference = new TypeInference(layout.Names.Count, infer);
        buffers = [new(chunkBytes + UsualOverhang), new(chunkBytes + UsualOverhang)];
    }

    private ArrayBufferWriter<byte> Chunk => buffers[chunks % 2];

    /// <summary>Splits a file.</summary>
    /// <param name="utf8">The file from its start, in UTF-8.</param>
    /// <param name="store">Keeps a chunk. One chunk is stored while the next is made; never two at once.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<SplitOutcome> RunAsync(
        Stream utf8,
        Func<CsvChunk, CancellationToken, Task> store,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var scanner = new RecordScanner(utf8, layout.Delimiter);
        var any = await CsvHeader.FindAsync(scanner, cancellationToken).ConfigureAwait(false);
        firstLine = scanner.NextLine;
        if (any && !layout.HasHeader)
        {
            firstLine = scanner.Current.Line;
            Take(scanner);
        }

        try
        {
            while (await scanner.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                Take(scanner);
                if (Chunk.WrittenCount >= chunkBytes)
                {
                    await CloseChunkAsync(scanner.NextLine, store, cancellationToken).ConfigureAwait(false);
                }
            }

            await CloseChunkAsync(scanner.NextLine, store, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await storing.ConfigureAwait(false);
        }

        return new SplitOutcome(
            chunks, records, rejected, errors,
            new RowFindings(inference.Types, inference.TrailingDelimiter, records + rejected > 0 && !inference.AnyRowFits));
    }

    private void Take(RecordScanner scanner)
    {
        var record = scanner.Current;
        if (record.Fault == RecordFault.None)
        {
            recordsInChunk += scanner.Content.IsEmpty ? 0 : 1;
            Chunk.Write(scanner.Raw.Span);
            return;
        }

        rejected++;
        if (errors.Count < Math.Max(maxErrors, 1))
        {
            errors.Add(new RowError(record.FaultLine, record.Reason));
        }

        // CR LF cannot run together with a line break before or after it, as a lone CR or LF could.
        for (var i = 0L; i < record.Lines; i++)
        {
            Chunk.Write("\r\n"u8);
        }
    }

    private async Task CloseChunkAsync(long nextLine, Func<CsvChunk, CancellationToken, Task> store, CancellationToken cancellationToken)
    {
        var chunk = new CsvChunk(chunks, firstLine, recordsInChunk, Chunk.WrittenMemory);
        firstLine = nextLine;
        if (recordsInChunk == 0)
        {
            Chunk.ResetWrittenCount();
            return;
        }

        inference.Observe(chunk.Content, layout.Delimiter);
        await storing.ConfigureAwait(false);
        storing = store(chunk, cancellationToken);
        records += recordsInChunk;
        recordsInChunk = 0;
        chunks++;
        Chunk.ResetWrittenCount();
    }
}
