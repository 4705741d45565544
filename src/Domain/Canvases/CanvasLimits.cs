namespace Chard.Domain.Canvases;

/// <summary>How large a canvas may be. Wider work belongs into a <c>map</c>.</summary>
public static class CanvasLimits
{
    /// <summary>Tasks and maps written out in one canvas; and as many chains, groups and chords around them.</summary>
    public const int MaxNodes = 10_000;

    /// <summary>Levels of nodes within nodes.</summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// Levels of JSON that a reader of canvases must take: a node is up to three, and its arguments have some of their own.
    /// </summary>
    public const int MaxJsonDepth = 256;

    /// <summary>Levels of arrays and objects in arguments: they travel within other JSON, whose readers take 64 in all.</summary>
    public const int MaxValueDepth = 40;

    /// <summary>What to tell whose arguments nest deeper.</summary>
    public static readonly string ValueDepthRule = $"Arguments have at most {MaxValueDepth} levels of arrays and objects.";

    /// <summary>Items of one map.</summary>
    public const int MaxItems = 1_000_000;

    /// <summary>Characters of a node's id.</summary>
    public const int MaxIdLength = 64;

    /// <summary>Faults that one check lists; a canvas with more is no better known by the rest.</summary>
    public const int MaxFaults = 100;

    /// <summary>Members or chunks at work at once where <c>maxInFlight</c> does not say.</summary>
    public const int MaxInFlight = 1_000;

    /// <summary>
    /// Members of a group, steps of a chain or chunks of a map in one orchestration; what is wider is split over several.
    /// </summary>
    public const int MaxWidth = 100;

    /// <summary>As <see cref="MaxWidth"/>, where all of them run in packs, each of which is one call for many.</summary>
    public const int MaxPackedWidth = 1_000;

    /// <summary>
    /// Items of a map, or members of a group, of a pure task up to which each has a row in the ledger; of a wider one each pack has. As
    /// many rows as a status shows.
    /// </summary>
    public const int MaxItemRows = 1_000;

    /// <summary>Items of a chunk, at most.</summary>
    public const int MaxChunk = 1_000;

    /// <summary>Chunks of a map, at most: where a given size would make more of them, they are larger.</summary>
    public const int MaxChunks = 2_000;

    /// <summary>
    /// The size of a map's chunks: as given, or such that there are about 32, and more only of <see cref="MaxChunk"/> items each.
    /// </summary>
    /// <param name="items">Items of the map.</param>
    /// <param name="given">The size that its author gave; null to choose.</param>
    /// <param name="most">Most items of a chunk that is chosen; null for <see cref="MaxChunk"/>.</param>
    public static int ChunkOf(int items, int? given, int? most = null) => Math.Clamp(
        Math.Max(given ?? Math.Min((items + 31) / 32, most ?? MaxChunk), (items + MaxChunks - 1) / MaxChunks), 1, MaxChunk);
}
