"""A merchant in front of the sandbox's admin, with Encore in its frame."""

from playwright.sync_api import FrameLocator, Page, expect

from tests.stack import Stack

ADA = {
    "id": 4100001,
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "created_at": "2025-01-01T00:00:00Z",
}
KLAVIYO_KEY = "pk_0123456789abcdef01234567walk"


class Merchant:
    """Somebody in front of the sandbox's admin."""

    def __init__(self, page: Page, stack: Stack, domain: str) -> None:
        self.page, self.stack, self.domain = page, stack, domain
        self.handle = domain.removesuffix(".myshopify.com")
        self.sandbox_url = stack.environment["SANDBOX_URL"]

    @property
    def app(self) -> FrameLocator:
        """Encore, inside the admin's frame."""
        return self.page.frame_locator("iframe")

    def open(self, path: str = "") -> None:
        """Opens a page of Encore in the admin by its address."""
        self.page.goto(f"{self.sandbox_url}/store/{self.handle}/apps/encore{path}")

    def sidebar(self, name: str) -> None:
        """Clicks one of Encore's rooms in the admin's own navigation."""
        self.page.get_by_role("link", name=name, exact=True).click()

    def press(self, name: str) -> None:
        """Presses a button of the admin: in the title bar, which shows the page's actions, or in the save bar."""
        self.page.get_by_role("button", name=name, exact=True).last.click()

    def create_action(self) -> None:
        """Makes the custom action `mobile_app_install`: 100 points, once per customer."""
        self.sidebar("Earning rules")
        self.app.get_by_role("heading", level=1, name="Earning rules").wait_for()
        self.open("/app/earning-rules/new")
        self.app.get_by_role("link", name="Custom action").click()
        self.app.get_by_label("Name", exact=True).fill("Mobile app install")
        expect(self.app.get_by_role("textbox", name="Action key")).to_have_value("mobile_app_install")
        self.app.get_by_label("Points", exact=True).fill("100")
        expect(self.app.get_by_role("radio", name="Once per customer")).to_be_checked()
        self.press("Save")
        expect(self.app.get_by_role("region", name="curl command")).to_contain_text("mobile_app_install")

    def create_api_key(self) -> str:
        """Makes a full key and returns it, as shown this once."""
        self.open("/app/settings/developer")
        self.press("Create API key")
        self.app.get_by_label("Name", exact=True).fill("Walk")
        self.app.get_by_role("button", name="Create key").click()
        return self.app.locator("#secret").inner_text()

    def connect_klaviyo(self) -> None:
        """Connects the vendor stand-in."""
        self.open("/app/integrations")
        self.app.get_by_role("link", name="Connect Klaviyo").click()
        self.app.get_by_label("Private API key").fill(KLAVIYO_KEY)
        self.app.get_by_role("button", name="Connect", exact=True).click()
        expect(self.app.get_by_text("Connected", exact=True)).to_be_visible()

    def create_reward(self) -> str:
        """Makes a reward of 5 off for 100 points and returns its public id."""
        self.open("/app/rewards/new")
        self.app.get_by_label("Name", exact=True).fill("5 off")
        self.app.get_by_role("textbox", name="Amount off").fill("5")
        self.app.get_by_label("Cost").fill("100")
        self.press("Save")
        self.app.get_by_role("link", name="5 off").click()
        return self.app.locator("#reward-id").inner_text()

    def run_flow(self) -> None:
        """Runs "Award custom action" for Ada, then has the same run delivered again."""
        self.page.goto(f"{self.sandbox_url}/flow/{self.handle}?action=award-custom-action")
        self.page.get_by_label("Action key").fill("mobile_app_install")
        self.page.get_by_role("button", name="Run", exact=True).click()
        expect(self.page.get_by_role("heading", name="Attempt 1: 200")).to_be_visible()
        self.page.get_by_role("button", name="Deliver this run again").click()
        expect(self.page.get_by_role("heading", name="Attempt 2: 200")).to_be_visible()
