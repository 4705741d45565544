namespace Chard.Domain.Canvases;

/// <summary>How large a canvas may be. Wider work belongs into a <c>map</c>.</summary>
public static class CanvasLimits
{
    /// <summary>Nodes written out in one canvas.</summary>
    public const int MaxNodes = 10_000;

    /// <summary>Levels of nodes within nodes.</summary>
    public const int MaxDepth = 32;

    /// <summary>Levels of JSON that a reader of canvases must take: a node is up to three, and its arguments have some of their own.</summary>
    public const int MaxJsonDepth = 256;

    /// <summary>Items of one map.</summary>
    public const int MaxItems = 1_000_000;

    /// <summary>Characters of a node's id.</summary>
    public const int MaxIdLength = 64;

    /// <summary>Faults that one check lists; a canvas with more is no better known by the rest.</summary>
    public const int MaxFaults = 100;

    /// <summary>Members or chunks at work at once where <c>maxInFlight</c> does not say.</summary>
    public const int MaxInFlight = 1_000;

    /// <summary>Members of a group, steps of a chain or chunks of a map in one orchestration; what is wider is split over several.</summary>
    public const int MaxWidth = 200;

    /// <summary>Items of a chunk, at most.</summary>
    public const int MaxChunk = 1_000;

    /// <summary>Chunks of a map, at most: where a given size would make more of them, they are larger.</summary>
    public const int MaxChunks = 2_000;

    /// <summary>The size of a map's chunks: as given, or such that there are about 32 of up to 500 items.</summary>
    public static int ChunkOf(int items, int? given) =>
        Math.Clamp(Math.Max(given ?? Math.Min((items + 31) / 32, 500), (items + MaxChunks - 1) / MaxChunks), 1, MaxChunk);
}
