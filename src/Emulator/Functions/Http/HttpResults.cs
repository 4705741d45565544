using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using HttpCookieSameSite = Microsoft.Azure.Functions.Worker.Http.SameSite;

namespace Chard.Emulator.Functions.Http;

/// <summary>Writes what an HTTP function returned. What is none of the known results writes nothing: the status stays 200.</summary>
internal static class HttpResults
{
    public static Task WriteAsync(HttpContext http, object? result) => result switch
    {
        IResult minimal => minimal.ExecuteAsync(http),
        IActionResult action => action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor())),
        HttpResponseData data => WriteAsync(http, data),
        _ => Task.CompletedTask,
    };

    /// <summary>The part of a result that is the answer: the result itself, or its property marked [HttpResult], or the one of a result type.</summary>
    public static object? AnswerOf(Invocation.HostFunctionContext context)
    {
        if (context.Result is null or IResult or IActionResult or HttpResponseData || context.Function.Outputs.Count == 0)
        {
            return context.Result;
        }

        return context.Outputs.FirstOrDefault(output => output.Binding.Attribute is HttpResultAttribute) is { } marked
            ? marked.Value
            : context.Result.GetType().GetProperties()
                .Select(property => property.GetIndexParameters().Length == 0 ? property.GetValue(context.Result) : null)
                .FirstOrDefault(value => value is IResult or IActionResult or HttpResponseData);
    }

    private static async Task WriteAsync(HttpContext http, HttpResponseData data)
    {
        var response = http.Response;
        response.StatusCode = (int)data.StatusCode;
        foreach (var (name, values) in data.Headers)
        {
            response.Headers[name] = values.ToArray();
        }

        if (data.Cookies is HttpRequestFeature.ResponseCookies cookies)
        {
            foreach (var cookie in cookies.All)
            {
                response.Cookies.Append(cookie.Name, cookie.Value, Options(cookie));
            }
        }

        if (data.Body.CanSeek)
        {
            data.Body.Position = 0;
        }

        if (!data.Body.CanSeek || data.Body.Length > 0)
        {
            await data.Body.CopyToAsync(response.Body, http.RequestAborted);
        }
    }

    private static CookieOptions Options(IHttpCookie cookie) => new()
    {
        Domain = cookie.Domain,
        Expires = cookie.Expires,
        HttpOnly = cookie.HttpOnly ?? false,
        MaxAge = cookie.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Path = cookie.Path ?? "/",
        SameSite = cookie.SameSite switch
        {
            HttpCookieSameSite.Lax => SameSiteMode.Lax,
            HttpCookieSameSite.Strict => SameSiteMode.Strict,
            HttpCookieSameSite.ExplicitNone => SameSiteMode.None,
            _ => SameSiteMode.Unspecified,
        },
        Secure = cookie.Secure ?? false,
    };
}
