import pytest
from django.urls import reverse
@pytest.mark.parametrize("name,args,query,kind", [
 ("registry:list", [], {"q": "\x00"}, "bureau_clerk"),
 ("registry:list", [], {"after": "1~\x00"}, "bureau_clerk"),
 ("registry:list", [], {"after": "9"*30+"~a"}, "bureau_clerk"),
 ("registry:list", [], {"after": "²~a"}, "bureau_clerk"),
 ("registry:list", [], {"q": "%_\\"}, "bureau_clerk"),
 ("registry:list", [], {"q": "x"*5000}, "bureau_clerk"),
 ("registry:detail", [9**25], {}, "bureau_clerk"),
 ("situation:figure", ["opening_rate"], {"state": "\x00", "after":"\x00"}, "bureau_clerk"),
 ("situation:figure", ["nope"], {}, "bureau_clerk"),
 ("situation:board", [], {"area": "\x00"}, "bureau_clerk"),
])
def test_x(place, client_for, name,args,query,kind):
    print(client_for(kind).get(reverse(name, args=[place.incident.slug,*args]), query).status_code)
@pytest.mark.parametrize("data", [{"name":"a\x00"}, {"uscc":"\x00"}, {"name":"  "}, {"managing_area":"9"*30}, {"registered_address":"x\x00"}, {"established_on":"0001-01-01"},{"kind":"zz"}])
def test_y(place, client_for, data):
    from tests.access_table import _new_enterprise
    r=client_for("bureau_clerk").post(reverse("registry:new", args=[place.incident.slug]), _new_enterprise(place)|data)
    print(r.status_code)
@pytest.mark.parametrize("data", [{"remark":"a\x00"}, {"roster":"9"*30}, {"on_post":"101"},{"on_post":"-1"},{"capacity":"NaN"},{"capacity":"1e3"},{"supply_days":"1e9"},{"client_key":"zzz"},{"seconds":"-1"},{"extra_quarantined":"9"*40},{"state":"zz"},{"state":"closed"},{"obstacles":["zz"]}, {"roster":"1２"}])
def test_z(place, client_for, data):
    r=client_for("reporter").post(reverse("reporting:report", args=[place.enterprise.pk, place.incident.slug]), {"state": "open", "roster": "100", "on_post": "80"}|data)
    print(r.status_code)
def test_w(place, client_for):
    c=client_for("reporter")
    for ck in ["", "zzz", "\x00"]:
        r=c.post(reverse("reporting:same", args=[place.enterprise.pk, place.incident.slug]), {"client_key":ck}); print(r.status_code, r["Location"])
    for nxt in ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/my/", "\\\\evil", "/\x00"]:
        r=c.post("/language/", {"language":"en","next":nxt}); print(repr(nxt), r["Location"])
    r=c.post("/accounts/login/?next=//evil.example", {}); print(r.status_code, r.headers.get("Location"))
