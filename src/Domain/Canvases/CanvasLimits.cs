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
}
